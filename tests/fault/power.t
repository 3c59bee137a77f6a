#!/bin/sh
# Power fails at any instant: of what was not synced the disk keeps nothing, all, or some of it, names and
# sectors of a write alike. What was reported committed is there, whole and right, and nothing else is.
#
# The commands run once, recorded call by call (tests/fault/record.c); then the disk is made as it may be after so many
# calls (tests/fault/replay.c), and asked.
. tests/lib.sh

need_interpose
record=$PWD/$BUILD/tests/fault/record.so
replay=$BUILD/tests/fault/replay
disk=$tmp/disk
archive=$disk/a.morgue
after=$tmp/after/a.morgue
log=$tmp/log
mkdir "$disk" "$tmp/states"

for n in 1 2 3 4 5 6 7 8 9; do
	printf '{"id":%s,"title":"Number %s","date":"2019-01-0%s","body":"The text of article %s, which speaks of dams."}\n' \
		"$n" "$n" "$n" "$n" >"$tmp/$n.jsonl"
done
cat "$tmp"/[234].jsonl >"$tmp/three.jsonl"

# state ARCHIVE: the numbers of what is found, oldest first.
state() { "$query" -l -n 100 -s oldest "$1" dams 2>"$tmp/query.err"; }

# step COMMAND...: run it, recorded, and keep what is found then. $ends has the number of calls at each end.
steps=0 ends=
: >"$tmp/states/0"
step() {
	LD_PRELOAD=$record RECORD_ROOT=$disk RECORD_LOG=$log "$indexer" "$@" 2>"$tmp/run.err" || {
		echo "# $*: exit status $?"
		sed 's/^/# /' "$tmp/run.err"
	}
	steps=$((steps + 1))
	ends="$ends $("$replay" "$log")"
	state "$archive" >"$tmp/states/$steps"
}

step add -q "$archive" "$tmp/1.jsonl"
step add -q "$archive" "$tmp/three.jsonl"
step seal -q "$archive"
step add -q --store small "$archive" "$tmp/5.jsonl"
step optimize -q "$archive"
step add -q "$archive" "$tmp/6.jsonl"
step rebuild -q "$archive"
step add -q "$archive" "$tmp/7.jsonl"
step seal -q "$archive"
step remove -q "$archive" 3
step add -q "$archive" "$tmp/8.jsonl"
step remove -q "$archive" 8
step optimize -q "$archive"
calls=$("$replay" "$log")
same 'the last of the commands found all that is left' 6 "$(wc -l <"$tmp/states/$steps" | tr -d ' ')"
ok 'many calls are recorded' test "$calls" -gt 400

bad() {
	echo "# after call $at of $calls, seed $seed, step $step: $1"
	sed 's/^/#     /' "$tmp/query.err" "$tmp/verify.err" "$tmp/next.err" 2>/dev/null
	failures=$((failures + 1))
}

# The step that call $at is part of.
step_of() {
	step=1
	for end in $ends; do
		[ "$at" -gt "$end" ] || break
		step=$((step + 1))
	done
}

# What is found is what was before the step, or after it.
check() {
	: >"$tmp/verify.err"
	: >"$tmp/next.err"
	state "$after" >"$tmp/found"
	found=$?
	if [ "$step" -eq 1 ] && [ "$found" -ne 0 ]; then
		[ ! -s "$tmp/found" ] || bad 'half an answer'
	else
		cmp -s "$tmp/found" "$tmp/states/$step" || cmp -s "$tmp/found" "$tmp/states/$((step - 1))" ||
			bad "found: $(tr '\n' ' ' <"$tmp/found")"
		"$indexer" verify -q --deep "$after" 2>"$tmp/verify.err" || bad 'it is not sound'
	fi
	[ $((tried % 4)) -eq 0 ] || return
	cp "$tmp/found" "$tmp/found.before"
	"$indexer" add -q "$after" "$tmp/9.jsonl" 2>"$tmp/next.err" && "$indexer" optimize -q "$after" 2>"$tmp/next.err" ||
		bad 'the next writer fails'
	state "$after" >"$tmp/found"
	sed '$d' "$tmp/found" | cmp -s "$tmp/found.before" - || bad 'then other articles are found'
	case $(ls -A "$after" | tr '\n' ' ') in
	'000000'??'.seg catalog.db lock ') ;;
	*) bad "left behind: $(ls -A "$after" | tr '\n' ' ')" ;;
	esac
}

# Seeds 0 (nothing unsynced is kept) and 1 (all is) and others in turns, at calls spread over all.
points=60
[ -z "${MORGUE_TEST_LONG:-}" ] || points=4000
failures=0 tried=0 at=0
while [ "$tried" -lt "$points" ]; do
	at=$(((at + calls * 61 / 100) % calls + 1))
	seed=$((tried % 3 ? tried : tried / 3 % 2))
	tried=$((tried + 1))
	rm -rf "$tmp/after"
	"$replay" "$log" "$at" "$seed" "$disk" "$tmp/after" || bad 'it cannot be replayed'
	step_of
	check
	[ "$failures" -lt 5 ] || break
done
same "power lost at $points instants: what was committed is there, and nothing else" 0 "$failures"

finish
