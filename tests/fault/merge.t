#!/bin/sh
# Whatever goes wrong while segments are merged, or a tail is sealed: the archive answers as before, what is
# said is true, and the next run finishes the work and sweeps.
. tests/lib.sh
. tests/fault/loops.sh

need_interpose

base=$tmp/base.morgue
archive=$tmp/a.morgue
dams 9 >"$tmp/nine.jsonl"
printf 'Late\n\nA late article speaks of dams too.\n' >"$tmp/late.txt"
printf 'Later\n\nA later article speaks of dams too.\n' >"$tmp/later.txt"
"$indexer" add -q "$base" "$tmp/nine.jsonl"
"$indexer" seal -q "$base"
"$indexer" add -q "$base" "$tmp/late.txt"
"$indexer" seal -q "$base"
same 'two segments to begin with' 2 "$(ls "$base" | grep -c '\.seg$')"

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
[ -z "${MORGUE_TEST_LONG:-}" ] || fault_loop 'seal, and merge: a signal' "$changes" INT interrupted
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
