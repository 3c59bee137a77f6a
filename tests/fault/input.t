#!/bin/sh
# Input that changes while the indexer is at it: files that vanish, shrink or turn into something else
# between the walk and the read, and a disk that cannot read on.
. tests/lib.sh
need_interpose

archive=$tmp/a.morgue
dir=$tmp/in

# add DO CALLS PATH [AT]: three files; that happens to the second at that call on a file of that name.
add() {
	rm -rf "$archive" "$dir"
	mkdir "$dir"
	for n in 1 2 3; do
		printf 'Number %s\n\nThe text of article %s.\n' "$n" "$n" >"$dir/$n.txt"
	done
	i=0
	while [ "$i" -lt 6000 ]; do
		i=$((i + 1))
		echo "{\"id\":$i,\"title\":\"Line $i\",\"body\":\"a wire story of some length\"}"
	done >"$dir/4.jsonl"
	LD_PRELOAD=$interpose FAULT_DO=$1 FAULT_CALLS=$2 FAULT_PATH=$3 FAULT_AT=${4:-1} FAULT_FILE=$dir/2.txt FAULT_FIRED=$tmp/fired \
		"$indexer" add "$archive" "$dir" 2>"$tmp/stderr"
	status=$?
}

# rest NAME REASON ADDED: exit 1, the reason named, the rest added.
rest() {
	same "$1: exit 1" 1 "$status"
	expect_in "$1: named" "$tmp/stderr" "rejected: $2"
	same "$1: the rest is there" "$3" "$("$query" -c "$archive" '*')"
	ok "$1: the index is sound" "$indexer" verify "$archive"
}

add remove open /1.txt
rest 'a file that vanishes' "$dir/2.txt: No such file or directory" 6002
add directory open /1.txt
rest 'a file that becomes a directory' "$dir/2.txt: Is a directory" 6002
add empty open /1.txt
rest 'a file that is emptied' "$dir/2.txt: empty file" 6002
add EACCES open /2.txt
rest 'a file that may no longer be read' "$dir/2.txt: Permission denied" 6002
add EIO read /2.txt
rest 'a file that cannot be read' "$dir/2.txt: Input/output error" 6002
add EIO read /4.jsonl 3
same 'a read error in the middle: exit 1' 1 "$status"
at=$(sed -n 's/^rejected: .*4\.jsonl: byte \([0-9]*\): Input\/output error.*/\1/p' "$tmp/stderr")
ok 'it is named with the place' test "${at:-0}" -gt 200000
same 'what stands before that place is there' "$((3 + $(head -c "${at:-0}" "$dir/4.jsonl" | wc -l)))" "$("$query" -c "$archive" '*')"

# The walk itself: a directory that cannot be opened, whoever is asking.
mkdir -p "$dir/deep/er"
echo Deep >"$dir/deep/er/x.txt"
rm -rf "$archive"
LD_PRELOAD=$interpose FAULT_DO=EIO FAULT_CALLS=open FAULT_PATH=/deep/er/x.txt FAULT_AT=1 "$indexer" add "$archive" "$dir/deep" "$dir/1.txt" \
	2>"$tmp/stderr"
same 'a file below that cannot be opened: exit 1' 1 $?
expect_in 'and why' "$tmp/stderr" 'er/x.txt: Input/output error'

# A pipe that is read while the signal comes just before the call that waits: noticed a second later.
mkfifo "$tmp/fifo"
rm -rf "$archive"
sleep 8 >"$tmp/fifo" &
writer=$!
env --default-signal=INT LD_PRELOAD="$interpose" FAULT_DO=INT FAULT_CALLS=read FAULT_PATH=/fifo FAULT_AT=1 \
	"$indexer" add "$archive" "$tmp/fifo" 2>"$tmp/stderr"
same 'a signal just before a pipe is waited for: exit 5' 5 $?
ok 'without waiting for the pipe' kill "$writer"
expect_in 'and said so' "$tmp/stderr" 'indexer: stopped on request'

# The archive cannot be written while a worker waits for more input: the run ends, and nobody waits.
for jobs in 2 5; do
	rm -rf "$archive"
	sleep 20 >"$tmp/fifo" &
	writer=$!
	LD_PRELOAD="$interpose" FAULT_DO=ENOSPC FAULT_CALLS=write FAULT_PATH="$archive" FAULT_AT=40 FAULT_STAYS=1 MORGUE_TEST_BATCH=1 \
		"$indexer" add -j "$jobs" "$archive" corpus/text corpus/jsonl "$tmp/fifo" 2>"$tmp/stderr"
	same "$jobs threads: no room while one waits for input: exit 3" 3 $?
	ok 'without waiting for it' kill "$writer"
	rm -rf "$archive"
	"$indexer" add -q "$archive" corpus/text 2>"$tmp/stderr"
	ok 'and the next run goes on' "$indexer" verify -q "$archive"
done

finish
