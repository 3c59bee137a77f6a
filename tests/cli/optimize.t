#!/bin/sh
# Segments are merged: by `optimize` into one, by `add` so that they stay few. No answer changes.
. tests/lib.sh

archive=$tmp/a.morgue

# segments ARCHIVE: how many files of the index there are.
segments() {
	ls "$1" | grep -c '\.seg$'
}

# answers ARCHIVE: everything about a few questions, scores too; articles by their keys.
answers() {
	for question in dam strike '"interest rates"' 'resign*' title:dam '=Gates' '(strike OR lockout) -copper' '*'; do
		for order in relevance newest oldest; do
			echo "$question, $order"
			"$query" --json -n 100 -s "$order" "$1" "$question" | sed 's/"id":[0-9]*,//'
		done
	done
}

# leftovers ARCHIVE: files that are no part of it.
leftovers() {
	ls -A "$1" | grep -vE '^(catalog\.db|lock|[0-9]{8}\.seg)$' | tr '\n' ' '
}

# ---- optimize ----

"$indexer" add -q "$archive" corpus/text corpus/jsonl 2>"$tmp/stderr"
"$indexer" seal -q "$archive"
"$indexer" add -q "$archive" corpus/reuters 2>"$tmp/stderr"
"$indexer" seal -q "$archive"
same 'two seals of unequal size are two segments' 2 "$(segments "$archive")"
answers "$archive" >"$tmp/before"
ok 'optimize' "$indexer" optimize "$archive"
sed 's/[0-9.]* MB/N MB/; s/, [0-9.]* before; [0-9.]* seconds/, N before; N seconds/' "$tmp/ok.out" >"$tmp/line"
same 'says what it did' "$archive: 2 segments are one now: 43 articles, index N MB, N before; N seconds" "$(cat "$tmp/line")"
same 'one segment is left' 1 "$(segments "$archive")"
answers "$archive" >"$tmp/after"
ok 'no answer changed' cmp "$tmp/before" "$tmp/after"
ok 'the index is sound' "$indexer" verify "$archive"
same 'nothing is left behind' '' "$(leftovers "$archive")"
ok 'once more' "$indexer" optimize "$archive"
same 'there is nothing to do, and it says so' "$archive: the index is one segment already" "$(cat "$tmp/ok.out")"
make_corpus sealed
answers "$corpus" >"$tmp/at_once"
ok 'a merged archive answers as one made at once' cmp "$tmp/at_once" "$tmp/after"
printf 'Late\n\nA late article.\n' >"$tmp/n.txt"
"$indexer" add -q "$archive" "$tmp/n.txt" 2>"$tmp/stderr"
same 'one more article is no segment' 1 "$(segments "$archive")"
ok 'quietly' "$indexer" optimize -q "$archive"
same '-q: not a word' '' "$(cat "$tmp/ok.out")"
same '-q: and one segment' 1 "$(segments "$archive")"
ok 'named by MORGUE' env MORGUE="$archive" "$indexer" optimize

expect_status 'without an archive: usage' 2 "$indexer" optimize
expect_in 'with an example' "$tmp/stderr" 'optimize: name one archive: indexer optimize news.morgue'
expect_status 'of two: usage' 2 "$indexer" optimize "$archive" "$corpus"
expect_status 'of one that is not there: exit 3' 3 "$indexer" optimize "$tmp/b.morgue"
expect_in 'which is said' "$tmp/stderr" "$tmp/b.morgue: no such archive"
ok 'and none is made' test ! -e "$tmp/b.morgue"
: >"$tmp/empty.txt"
"$indexer" add -q "$tmp/none.morgue" "$tmp/empty.txt" 2>"$tmp/stderr"
ok 'of an empty one' "$indexer" optimize "$tmp/none.morgue"
same 'which is said' "$tmp/none.morgue: there is nothing in it" "$(cat "$tmp/ok.out")"

# ---- many adds ----

few=$tmp/few.morgue
n=0
while [ "$n" -lt 40 ]; do
	n=$((n + 1))
	printf 'Number %s\n2019-%02d-%02d\n\nA dam, and the %sth of them.\n' "$n" $((n * 7 % 12 + 1)) $((n * 11 % 28 + 1)) "$n" >"$tmp/n.txt"
	"$indexer" add -q "$few" "$tmp/n.txt" 2>>"$tmp/adds.err"
	"$query" -c "$few" dam >>"$tmp/counts" 2>>"$tmp/adds.err"
done
same 'forty adds of one article: few segments' yes "$([ "$(segments "$few")" -le 4 ] && echo yes || segments "$few")"
same 'each is found at once' "$(seq 1 40 | tr '\n' ' ')" "$(tr '\n' ' ' <"$tmp/counts")"
same 'and nothing went wrong' '' "$(cat "$tmp/adds.err")"
same 'nothing is left behind' '' "$(leftovers "$few")"
"$indexer" add -q "$few" corpus/text 2>>"$tmp/adds.err"
answers "$few" >"$tmp/before"
ok 'sealed, they are' "$indexer" seal -q "$few"
same 'one segment' 1 "$(segments "$few")"
answers "$few" >"$tmp/after"
ok 'with the same answers' cmp "$tmp/before" "$tmp/after"
"$indexer" add -q "$few" corpus/jsonl 2>"$tmp/stderr"
MORGUE_TRACE=2 "$indexer" seal -q "$few" 2>"$tmp/trace"
ok 'the trace has a line for a merge' grep -qE '^morgue: merge +75 docs +[0-9.]+ s +[0-9.]+ MiB  00000003\.seg$' "$tmp/trace"
build/generate 2000 2>"$tmp/stderr" >"$tmp/batches.jsonl"
MORGUE_TEST_BATCH=2000000 "$indexer" add -q "$tmp/batches.morgue" "$tmp/batches.jsonl" 2>"$tmp/stderr"
same 'many batches of one add: few segments' yes "$([ "$(segments "$tmp/batches.morgue")" -le 2 ] && echo yes || segments "$tmp/batches.morgue")"

# ---- while others read ----

shared=$tmp/shared.morgue
"$indexer" add -q "$shared" corpus/text 2>"$tmp/stderr"
all=$("$query" -c "$shared" '*')
: >"$tmp/read"
(while [ ! -e "$tmp/written" ]; do "$query" -c "$shared" '*' 2>&1; done >"$tmp/read") &
n=0
while [ "$n" -lt 12 ]; do
	n=$((n + 1))
	printf 'Late %s\n\nA late article, %s.\n' "$n" "$n" >"$tmp/n.txt"
	"$indexer" add -q "$shared" "$tmp/n.txt" && "$indexer" optimize -q "$shared" || echo failed
done >"$tmp/writes" 2>&1
: >"$tmp/written"
wait
same 'who writes is not hindered by those who read' '' "$(cat "$tmp/writes")"
ok 'those who read meanwhile see whole archives' awk -v least="$all" -v most=$((all + 12)) '
	!/^[0-9]+$/ || $1 < least || $1 > most || $1 < before { bad = 1; print } { before = $1 } END { exit bad }' "$tmp/read"

# ---- damage ----

damaged=$tmp/damaged.morgue
"$indexer" add -q "$damaged" corpus/text corpus/jsonl 2>"$tmp/stderr"
"$indexer" seal -q "$damaged"
"$indexer" add -q "$damaged" corpus/reuters 2>"$tmp/stderr"
"$indexer" seal -q "$damaged"
printf 'XXXX' | dd of="$damaged/00000001.seg" bs=1 seek=9000 conv=notrunc 2>"$tmp/dd"
cp -R "$damaged" "$tmp/copy.morgue"
expect_status 'a damaged segment: exit 3' 3 "$indexer" optimize "$damaged"
expect_in 'it is named' "$tmp/stderr" "$damaged/00000001.seg: damaged: it does not match its checksums"
expect_in 'and what to do' "$tmp/stderr" "  indexer rebuild $damaged"
for file in 00000001.seg 00000002.seg; do
	ok "$file stays as it is" cmp "$damaged/$file" "$tmp/copy.morgue/$file"
done
same 'and nothing comes of it' '' "$(ls "$damaged" | grep -vE '^(catalog\.db|lock|0000000[12]\.seg)$')"
build/generate 100 2>"$tmp/stderr" >"$tmp/more.jsonl"
cp -R "$damaged" "$tmp/added.morgue"
expect_status 'an add that would merge it: exit 3' 3 "$indexer" add -q "$tmp/added.morgue" "$tmp/more.jsonl"
expect_in 'it is named' "$tmp/stderr" "$tmp/added.morgue/00000001.seg: damaged"
expect_in 'what was added is kept, and that is said' "$tmp/stderr" '100 articles, in whole batches, are added and kept.'
ok 'it is there' "$query" show "$tmp/added.morgue" 55
rm "$damaged/00000002.seg"
expect_status 'a segment that is gone: exit 3' 3 "$indexer" optimize "$damaged"

if command -v flock >"$tmp/flock"; then
	expect_status 'while another writes: exit 3' 3 flock "$archive/lock" "$indexer" optimize "$archive"
	expect_in 'which is said' "$tmp/stderr" 'another indexer is writing to it'
else
	skip 'while another writes: exit 3' 'no flock'
	skip 'which is said' 'no flock'
fi

finish
