#!/bin/sh
# Whatever goes wrong while articles are removed: all of them are there or none is, and it says which.
. tests/lib.sh
. tests/fault/loops.sh

need_interpose

base=$tmp/base.morgue
archive=$tmp/a.morgue
dams 10 >"$tmp/ten.jsonl"
"$indexer" add -q "$base" "$tmp/ten.jsonl"
"$indexer" seal -q "$base"
same 'ten articles to begin with' 10 "$("$query" -c "$base" dams)"

# What it says of an error is what is found.
says_so() {
	case $(tail -n 1 "$tmp/run.err") in
	'Nothing was removed'*) [ "$found" -eq 10 ] || bad 'something was removed' ;;
	'The articles are removed'*) [ "$found" -eq "$after" ] || bad 'they were not removed' ;;
	*'shows when the archive is next opened'*) ;;
	*) [ "$status" -eq 0 ] || bad 'it does not say what is removed' ;;
	esac
	[ "$status" -ne 0 ] || [ "$found" -eq "$after" ] || bad 'it claims to be done'
}

failed_truly() {
	failed
	says_so
}

interrupted_truly() {
	interrupted
	says_so
}

# One of ten: the doc is dead. Three: the segment is written anew. All: it goes.
path=$archive stays=
for numbers in 4 '2 5 9' '1 2 3 4 5 6 7 8 9 10'; do
	set -- $numbers
	before=10 after=$((10 - $#))
	command="remove -q $archive $numbers"
	fault_loop "$# removed: the n-th call fails" "$changes" EIO failed_truly "$often"
	fault_loop "$# removed: a signal at the n-th call" "$changes" INT interrupted_truly "$often"
	fault_loop "$# removed: killed at the n-th call" "$changes" KILL killed "$often"
	stays=1
	fault_loop "$# removed: the disk is full from the n-th call on" "$changes" ENOSPC failed_truly "$often"
	stays=
done
path=
after=7 command="remove -q $archive 2 5 9"
fault_loop 'no memory at the n-th time' memory ENOMEM exhausted '* 3 / 2 + 1'

finish
