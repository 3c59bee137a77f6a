#!/bin/sh
# Whatever goes wrong while segments are merged, or a tail is sealed: the archive answers as before, what is
# said is true, and the next run finishes the work and sweeps.
. tests/lib.sh

need_interpose
changes='open write sync rename truncate unlink'

base=$tmp/base.morgue
archive=$tmp/a.morgue
n=0
while [ "$n" -lt 9 ]; do
	n=$((n + 1))
	printf '{"id":%s,"title":"Number %s","body":"The text of article %s, which speaks of dams."}\n' "$n" "$n" "$n"
done >"$tmp/nine.jsonl"
printf 'Late\n\nA late article speaks of dams too.\n' >"$tmp/late.txt"
printf 'Later\n\nA later article speaks of dams too.\n' >"$tmp/later.txt"
"$indexer" add -q "$base" "$tmp/nine.jsonl"
"$indexer" seal -q "$base"
"$indexer" add -q "$base" "$tmp/late.txt"
"$indexer" seal -q "$base"
same 'two segments to begin with' 2 "$(ls "$base" | grep -c '\.seg$')"

# The command on a fresh copy.
attempt() {
	rm -rf "$archive"
	cp -R "$base" "$archive"
	fault "$indexer" $command
}

# All that was there is found, by a reader that comes first.
check_readable() {
	found=$("$query" -c "$archive" dams 2>"$tmp/query.err")
	[ "$found" = "$before" ] || [ "$found" = "$after" ] || bad "$found articles are found"
}

# The next run makes one sound segment, and nothing else is there.
check_again() {
	"$indexer" optimize "$archive" 2>"$tmp/again.err" || bad 'the next run fails'
	[ "$("$query" -c "$archive" dams)" = "$found" ] || bad 'then other articles are found'
	"$indexer" verify -q "$archive" 2>"$tmp/again.err" || bad 'then verify finds fault'
	names=$(ls -A "$archive" | tr '\n' ' ')
	case $names in
	'000000'??'.seg catalog.db lock ') ;;
	*) bad "left behind: $names" ;;
	esac
}

judge() {
	check_readable
	"$1"
	check_again
}

failed() {
	case $status in
	0) ;;
	3)
		grep -q "^indexer: .*\(No space left on device\|disk is full\|Input/output error\|I/O error\|readonly database\|unable to open\|temporary file\)" "$tmp/run.err" ||
			bad 'no sentence with the reason'
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

interrupted() {
	case $status in
	0) ;;
	5)
		grep -q 'stopped on request' "$tmp/run.err" && grep -q 'run the same command again' "$tmp/run.err" ||
			bad 'it does not say so'
		! ls "$archive" | grep -q 'tmp$\|-wal$' || bad 'something is left behind'
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

killed() {
	[ "$status" -eq 137 ] || bad 'not killed'
}

exhausted() {
	case $status in
	0) ;;
	3) head -n 1 "$tmp/run.err" | grep -q '^indexer: .*out of memory' || bad 'it does not say why' ;;
	*) bad 'an exit status of its own' ;;
	esac
}

# Every call in the long run; here every third one.
often='+ 3'
[ -z "${MORGUE_TEST_LONG:-}" ] || often='+ 1'
path=$archive stays= before=10 after=10
command="optimize -q $archive"
fault_loop 'optimize: the n-th call fails' "$changes" EIO failed "$often"
fault_loop 'optimize: a signal at the n-th call' "$changes" INT interrupted "$often"
fault_loop 'optimize: killed at the n-th call' "$changes" KILL killed "$often"
stays=1
fault_loop 'optimize: the disk is full from the n-th call on' "$changes" ENOSPC failed "$often"
path=
fault_loop 'optimize: no memory from the n-th time on' memory ENOMEM exhausted '* 3 / 2 + 1'
stays=
fault_loop 'optimize: no memory at the n-th time' memory ENOMEM exhausted '* 3 / 2 + 1'
fault_loop 'optimize: a signal when memory is asked for the n-th time' memory INT interrupted '* 3 / 2 + 1'
path=$archive before=11 after=11
"$indexer" add -q "$base" "$tmp/later.txt"
command="seal -q $archive"
fault_loop 'seal, and merge: the n-th call fails' "$changes" EIO failed "$often"
fault_loop 'seal, and merge: killed at the n-th call' "$changes" KILL killed "$often"
[ -z "${MORGUE_TEST_LONG:-}" ] || loop 'seal, and merge: a signal' "$changes" INT interrupted
while [ "$n" -lt 136 ]; do
	n=$((n + 1))
	printf '{"id":%s,"title":"Number %s","body":"This one speaks of dams."}\n' "$n" "$n"
done >"$tmp/full.jsonl"
printf 'Last\n\nThe tail is full of dams.\n' >"$tmp/last.txt"
"$indexer" add -q "$base" "$tmp/full.jsonl"
same 'a tail that is full' '2 138' "$(ls "$base" | grep -c '\.seg$') $("$query" -c "$base" dams)"
before=138 after=139
command="add -q $archive $tmp/last.txt"
fault_loop 'add that seals, and merges: the n-th call fails' "$changes" EIO failed "$often"
fault_loop 'add that seals, and merges: killed at the n-th call' "$changes" KILL killed "$often"
if [ -n "${MORGUE_TEST_LONG:-}" ]; then
	fault_loop 'add that seals, and merges: a signal' "$changes" INT interrupted
	stays=1
	fault_loop 'add that seals, and merges: the disk is full from the n-th call on' "$changes" ENOSPC failed
fi

finish
