#!/bin/sh
# Whatever goes wrong while articles get newer texts: each has its old text or its new one, index and all, the
# whole file or none of it, and the next run brings the rest.
. tests/lib.sh

need_interpose
changes='open write sync rename truncate unlink'

base=$tmp/base.morgue
archive=$tmp/a.morgue
story() { printf '{"id":"%s","source":"Post","title":"Report %s","body":"It has an %s text, which speaks of dams."}\n' "$1" "$1" "$2"; }
for id in a b c d e f g h i j k l; do story "$id" old; done >"$tmp/old.jsonl"
{
	story a new
	story b middling
	story m new
	story b new
} >"$tmp/new.jsonl"
"$indexer" add -q "$base" "$tmp/old.jsonl"
"$indexer" verify -q "$base" || bad 'unsound to begin with'

# attempt: the command on a fresh copy, call number $at going wrong; output in $tmp/run.err.
attempt() {
	rm -rf "$archive" "$tmp/fired"
	cp -R "$base" "$archive"
	env --default-signal=INT LD_PRELOAD="$interpose" FAULT_CALLS="$calls" FAULT_DO="$action" FAULT_AT="$at" FAULT_FIRED="$tmp/fired" \
		FAULT_PATH="$path" ${stays:+FAULT_STAYS=1} "$indexer" add "$archive" "$tmp/new.jsonl" 2>"$tmp/run.err"
	status=$?
}

bad() {
	echo "# $what, call $at: $1 (exit status $status)"
	sed 's/^/#     /' "$tmp/run.err" "$tmp/query.err" "$tmp/again.err" 2>/dev/null
	failures=$((failures + 1))
}

# Articles with an old, a middling, a new text, and all.
found() {
	for word in old middling new dams; do printf '%s ' "$("$query" -c "$archive" "$word" 2>"$tmp/query.err")"; done
}

check() {
	case $status in
	0 | 3 | 5 | 137) ;;
	*) bad 'an exit status of its own' ;;
	esac
	now=$(found)
	case $now in
	'12 0 0 12 ') [ "$status" -ne 0 ] || bad 'exit 0, and nothing is new' ;;
	'10 0 3 13 ') ;;
	*) bad "found: $now" ;;
	esac
	"$indexer" verify --deep -q "$archive" 2>"$tmp/again.err" || bad 'verify finds fault'
	"$indexer" add -q "$archive" "$tmp/new.jsonl" 2>"$tmp/again.err" || bad 'the next run fails'
	[ "$(found)" = '10 0 3 13 ' ] || bad "the next run does not bring the rest: $(found)"
	"$indexer" verify --deep -q "$archive" 2>"$tmp/again.err" || bad 'verify finds fault after the next run'
	[ "$("$query" show --json "$archive" 2 2>"$tmp/query.err" | sed 's/.*"revisions"://')" = '[1,2,3]}' ] || bad 'revisions are not three'
	[ "$("$query" show --revision 1 "$archive" 2 2>"$tmp/query.err" | grep -c 'an old text')" = 1 ] || bad 'the old text is gone'
}

# loop NAME CALLS DO [NEXT]: one call after the other goes wrong, until a run has no such call.
loop() {
	what=$1 calls=$2 action=$3
	failures=0 at=1 tried=0
	: >"$tmp/query.err"
	: >"$tmp/again.err"
	while
		attempt
		[ -e "$tmp/fired" ]
	do
		tried=$((tried + 1))
		check
		at=$(($at ${4:-+ 1}))
		[ "$failures" -lt 3 ] || break
	done
	[ "$failures" -ne 0 ] || [ "$status" -eq 0 ] || bad 'without a fault it fails'
	[ "$tried" -gt 0 ] || bad 'nothing went wrong'
	same "$what ($tried calls)" 0 "$failures"
}

# Every call in the long run; here every eleventh one.
often='+ 11'
[ -z "${MORGUE_TEST_LONG:-}" ] || often='+ 1'
path=$archive stays=
loop 'the n-th call fails' "$changes" EIO "$often"
loop 'a signal at the n-th call' "$changes" INT "$often"
loop 'killed at the n-th call' "$changes" KILL "$often"
stays=1
loop 'the disk is full from the n-th call on' "$changes" ENOSPC "$often"
path= stays=
loop 'no memory at the n-th time' memory ENOMEM '* 2 + 3'

finish
