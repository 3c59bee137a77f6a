#!/bin/sh
# Whatever call goes wrong, whenever a signal comes: the archive holds whole batches, all of it is
# readable, what is said is true, and the next run brings the rest and sweeps.
#
# Each loop runs `indexer add` with the first call of the program going wrong, then the second, and so
# on, until a run ends in which nothing did (tests/fault/interpose.c).
. tests/lib.sh

need_interpose

input=$tmp/input
base=$tmp/base.morgue
archive=$tmp/a.morgue
mkdir "$input"
for n in 1 2; do
	printf 'Number %s\n\nThe text of article %s, which speaks of dams.\n' "$n" "$n" >"$input/$n.txt"
done
printf '{"title":"Number 3","body":"A line of JSON, which speaks of dams.","tags":["a","b"]}\n' >"$input/3.jsonl"
printf 'Here before\n\nThe first article speaks of dams too.\n' >"$tmp/first.txt"
"$indexer" add -q "$base" "$tmp/first.txt"

# Add the input to the archive, with one call going wrong.
attempt() {
	rm -rf "$archive"
	[ "$there" -eq 0 ] || cp -R "$base" "$archive"
	export MORGUE_TEST_BATCH="$batch"
	fault "$indexer" add -j "$jobs" "$archive" "$input"
	unset MORGUE_TEST_BATCH
}

# What a run says it has kept, in articles.
kept() {
	case $status in
	0) echo 3 ;;
	*) sed -n 's/^\([0-9]*\) articles\{0,1\}, in whole batches, .*/\1/p; s/^Nothing was added.*/0/p' "$tmp/run.err" ;;
	esac
}

# What is in the archive now is whole: $there articles before the run.
check_kept() {
	found=$("$query" -c "$archive" dams 2>"$tmp/query.err")
	case $? in
	0) ;;
	3) [ "$there" -eq 0 ] || bad 'it cannot be read' ; found=0 ;;
	1) [ "$there" -eq 0 ] || bad 'it is empty' ; found=0 ;;
	esac
	if [ -n "$batch" ]; then
		[ "$found" -ge "$there" ] && [ "$found" -le $((there + 3)) ] || bad "$found articles"
	else
		[ "$found" -eq "$there" ] || [ "$found" -eq $((there + 3)) ] || bad "$found articles, no whole batch"
	fi
	found=$((found - there))
}

# The same command once more, with nothing going wrong: all is there, and nothing else.
check_again() {
	"$indexer" add "$archive" "$input" 2>"$tmp/again.err" || bad 'the next run fails'
	[ "$("$query" -c "$archive" dams)" -eq $((there + 3)) ] || bad 'the next run does not bring all'
	"$indexer" verify "$archive" 2>"$tmp/again.err" || bad 'verify finds fault after the next run'
	segments=$(sed -n 's/.* of its \([0-9]*\) segments\{0,1\} .*/\1/p' "$tmp/again.err")
	ls -A "$archive" | grep -v '^catalog.db$\|^lock$' >"$tmp/names"
	[ "$(grep -c '^[0-9]\{8\}\.seg$' "$tmp/names")" -eq "$segments" ] && [ "$(wc -l <"$tmp/names")" -eq "$segments" ] ||
		bad "left behind: $(tr '\n' ' ' <"$tmp/names")"
}

judge() {
	check_kept
	"$1"
	check_again
}

# An error: the run may do without the call (0), else exit 3 and a sentence with file and reason.
failed() {
	case $status in
	0) ;;
	3)
		grep -q "^indexer: $archive.*\(No space left on device\|disk is full\|Input/output error\|I/O error\|readonly database\|unable to open\)" "$tmp/run.err" ||
			bad 'no sentence with file and reason'
		unsure=$(sed -n 's/.* of \([0-9]*\) more it shows .*/\1/p' "$tmp/run.err")
		[ "$(kept)" -eq "$found" ] || [ $(($(kept) + ${unsure:-0})) -eq "$found" ] ||
			bad "it says $(kept), and $found are there"
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

# A call that does less than it was asked to: not an error.
finished() {
	[ "$status" -eq 0 ] || bad 'it fails'
}

# A signal: exit 5 and what is kept, or all is done; no trace.
interrupted() {
	case $status in
	0) [ "$found" -eq 3 ] || bad 'exit 0, and not all is there' ;;
	5)
		[ "$(kept)" -eq "$found" ] || bad "it says $(kept), and $found are there"
		! ls "$archive" 2>/dev/null | grep -q 'tmp$\|-wal$' || bad 'something is left behind'
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

killed() {
	[ "$status" -eq 137 ] || bad 'not killed'
}

# A signal at the n-th call and at each after it: the second one ends the process.
stopped_at_once() {
	[ "$status" -eq 130 ] || [ "$status" -eq 5 ] && [ "$found" -eq 0 ] || [ "$found" -eq 3 ] || bad 'not stopped'
}

# Memory: exit 3 and one sentence; where it was SQLite that had none, what is kept is said too.
exhausted() {
	case $status in
	0) ;;
	3)
		head -n 1 "$tmp/run.err" | grep -q '^indexer: .*out of memory' || bad 'it does not say why'
		case $(grep -c . "$tmp/run.err") in
		1) ;;
		2) [ "$(kept)" -eq "$found" ] || bad "it says $(kept), and $found are there" ;;
		*) bad 'more than the sentence and what is kept' ;;
		esac
		refused=$((refused + 1))
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

often=$(every 2) # where a loop is long
path=$archive stays= batch= there=1 jobs=3 # threads beside the one that writes
stays=1
fault_loop 'the disk is full from the n-th call on' "$changes" ENOSPC failed
fault_loop 'nothing is synced from the n-th call on' sync EIO failed
stays=
fault_loop 'a signal at the n-th call' "$changes read" INT interrupted
jobs=1
fault_loop 'one thread: a signal at the n-th call' "$changes read" INT interrupted "$often"
jobs=3
path=$input
fault_loop 'a signal when the input is read' 'open read' INT interrupted
path=$archive
there=0
fault_loop 'a new archive: killed at the n-th call' "$changes" KILL killed "$often"
there=1 path=
fault_loop 'no memory at the n-th time' memory ENOMEM exhausted '* 5 / 4 + 1'
stays=1 refused=0
fault_loop 'no memory from the n-th time on' memory ENOMEM exhausted '* 5 / 4 + 1'
same 'it cannot do without' "$tried" "$refused"
stays=
fault_loop 'a signal when memory is asked for the n-th time' memory INT interrupted '* 5 / 4 + 1'
path=$archive
stays=1
fault_loop 'a second signal right after the first' "$changes" INT stopped_at_once '+ 3'
stays=
if [ -n "${MORGUE_TEST_LONG:-}" ]; then
	fault_loop 'killed at the n-th call' "$changes" KILL killed
	fault_loop 'the n-th call fails' "$changes read" EIO failed
	fault_loop 'the n-th call finds no room' "$changes" ENOSPC failed
	fault_loop 'the n-th call does half' 'write read' short finished
	there=0
	fault_loop 'a new archive: the n-th call fails' "$changes read" EIO failed
	fault_loop 'a new archive: a signal' "$changes read" TERM interrupted
	stays=1
	fault_loop 'a new archive: the disk is full' "$changes" ENOSPC failed
	there=1 batch=1
	fault_loop 'batches: the disk is full' "$changes" ENOSPC failed
	stays=
	fault_loop 'batches: the n-th call fails' "$changes" EIO failed
	fault_loop 'batches: killed' "$changes" KILL killed
	fault_loop 'batches: a signal' "$changes read" INT interrupted
	path= batch=
	fault_loop 'no memory at the n-th time, every third' memory ENOMEM exhausted '+ 3'
	fault_loop 'a signal at the n-th time' memory INT interrupted '+ 3'
fi

# What makes articles up has no archive to speak of.
FAULT_CALLS=memory FAULT_DO=ENOMEM FAULT_AT=3 FAULT_PATH= LD_PRELOAD="$interpose" \
	"$BUILD/bin/generate" 10 >"$tmp/run.out" 2>"$tmp/run.err"
same 'no memory to make articles up: exit 3' 3 $?
same 'and one sentence' 'generate: out of memory' "$(cat "$tmp/run.err")"

# kill -9 at whatever instant, again and again on one archive: what was there stays, and more comes.
crash=$tmp/crash.morgue
rounds=8
[ -z "${MORGUE_TEST_LONG:-}" ] || rounds=80
round=0 last=0 lost=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	MORGUE_TEST_BATCH=1 "$indexer" add -q "$crash" corpus/text corpus/jsonl corpus/reuters 2>"$tmp/run.err" &
	pid=$!
	sleep "0.0$((round * 37 % 10))"
	kill -KILL "$pid" 2>"$tmp/kill.err"
	wait "$pid" 2>"$tmp/kill.err"
	found=$("$query" -c "$crash" '*' 2>"$tmp/query.err") || found=0
	[ "$found" -ge "$last" ] && { [ "$found" -eq 0 ] || "$indexer" verify -q "$crash" 2>"$tmp/query.err"; } || lost=$((lost + 1))
	last=$found
done
same "killed $rounds times on one archive ($last articles were in): nothing is lost" 0 "$lost"
"$indexer" add -q "$crash" corpus/text corpus/jsonl corpus/reuters 2>"$tmp/run.err"
same 'the next run brings the rest' 43 "$("$query" -c "$crash" '*')"
ok 'and the index is sound' "$indexer" verify "$crash"

finish
