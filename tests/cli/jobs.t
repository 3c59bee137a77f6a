#!/bin/sh
# indexer add --jobs: the same archive and the same words, however many threads prepare articles.
. tests/lib.sh

generate=$BUILD/bin/generate
"$generate" --duplicates 2 --furniture 20 --words 250 1200 >"$tmp/news.jsonl"
awk 'NR % 150 == 0 { print "{ broken" } { print }' "$tmp/news.jsonl" >"$tmp/some.jsonl"

# Files that have just changed are not trusted to be what they were: what is noted of them
# depends on the time.
touch -d 2020-01-01 "$tmp/news.jsonl" "$tmp/some.jsonl"

# add JOBS [OPTION...]: everything at once, in several batches; the texts get a dictionary on the way.
add() {
	jobs=$1
	shift
	MORGUE_TEST_BATCH=1500000 "$indexer" add -j "$jobs" --errors "$tmp/errors.$jobs" "$@" "$tmp/$jobs.morgue" \
		"$tmp/some.jsonl" corpus/text "$tmp/nowhere" corpus/reuters corpus/jsonl "$tmp/news.jsonl" 2>"$tmp/stderr.$jobs"
}

# files JOBS: a line with a checksum for each file of the archive but its lock, which names a process.
files() {
	(cd "$tmp/$1.morgue" && cksum catalog.db ./*.seg)
}

add 1
same 'one thread: exit 1, for lines are broken' 1 $?
files 1 >"$tmp/files.1"
grep -v '^  time ' "$tmp/stderr.1" | sed 's/1\.morgue/N.morgue/' >"$tmp/words.1"
ok 'there were several batches' test "$(sed -n 's/^.*"added":\([0-9]*\).*/\1/p' "$tmp/errors.1")" -gt 1100
for jobs in 2 3 8; do
	add "$jobs"
	same "$jobs: exit 1" 1 $?
	same "$jobs: the same bytes" "$(cat "$tmp/files.1")" "$(files "$jobs")"
	grep -v '^  time ' "$tmp/stderr.$jobs" | sed "s/$jobs\\.morgue/N.morgue/" >"$tmp/words.$jobs"
	ok "$jobs: the same words, in the same order" cmp "$tmp/words.1" "$tmp/words.$jobs"
	ok "$jobs: the same file of errors" cmp "$tmp/errors.1" "$tmp/errors.$jobs"
done

# Articles that are there already are not prepared ahead any more; a new one among them is found.
for jobs in 1 4; do
	{ head -n 600 "$tmp/news.jsonl"; echo '{"title":"Brand new","body":"Nobody has read this."}'; tail -n 600 "$tmp/news.jsonl"; } |
		"$indexer" add -q -j "$jobs" "$tmp/$jobs.morgue" - 2>"$tmp/stderr"
	[ "$jobs" = 4 ] || files 1 >"$tmp/files.1"
done
"$indexer" add -q -j 1 "$tmp/1.morgue" "$tmp/news.jsonl" 2>"$tmp/stderr"
same 'one new among many that are known' 1 "$("$query" -c "$tmp/1.morgue" '"brand new"')"

for wrong in 0 257 many -1 ''; do
	expect_status "--jobs '$wrong'" 2 "$indexer" add --jobs "$wrong" "$tmp/none.morgue" corpus/text
done
for wrong in 0 63M many 64Q 1GB ''; do
	expect_status "--memory '$wrong'" 2 "$indexer" add --memory "$wrong" "$tmp/none.morgue" corpus/text
done
for right in 64M 65536k 67108864 1G; do
	rm -rf "$tmp/sized.morgue"
	expect_status "--memory $right" 0 "$indexer" add -q --memory "$right" "$tmp/sized.morgue" corpus/text
done

# --memory is kept within a fifth, with articles of any date in any order.
if [ -n "${MORGUE_TEST_LONG:-}" ] && [ -z "$(echo "$BUILD" | grep 'address\|thread\|memory')" ]; then
	"$generate" 14000 | sort -t, -k 5 >"$tmp/mixed.jsonl"
	for asked in '64 1' '64 4' '128 4'; do
		rm -rf "$tmp/bounded.morgue"
		MORGUE_TRACE=1 "$indexer" add -q --memory "${asked% *}M" -j "${asked#* }" "$tmp/bounded.morgue" "$tmp/mixed.jsonl" 2>"$tmp/trace"
		peak=$(sed -n 's/^morgue: total .* \([0-9]*\)\.[0-9]* MiB$/\1/p' "$tmp/trace")
		ok "--memory ${asked% *}M -j ${asked#* }: it takes $peak MiB" test "$peak" -le $((${asked% *} * 6 / 5))
	done
else
	skip '--memory is kept within a fifth' 'runs with MORGUE_TEST_LONG=1'
fi

# An input that gives nothing more and does not end: a signal ends the run, whoever waits for it.
if mkfifo "$tmp/fifo" 2>"$tmp/which"; then
	for jobs in 1 4; do
		sleep 20 >"$tmp/fifo" &
		writer=$!
		env --default-signal=INT "$indexer" add -j "$jobs" "$tmp/waits.morgue" corpus/text "$tmp/fifo" 2>"$tmp/stderr" &
		pid=$!
		sleep 0.4
		kill -INT "$pid"
		wait "$pid"
		same "$jobs: stopped while it waits for input: exit 5" 5 $?
		expect_in "$jobs: and said so" "$tmp/stderr" 'stopped on request'
		ok "$jobs: without waiting" kill "$writer"
	done
else
	skip 'stopped while it waits for input' 'no mkfifo'
fi

finish
