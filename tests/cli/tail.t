#!/bin/sh
# The newest articles are searchable at once, and make no segment until it is worth one. No answer changes by that.
. tests/lib.sh

archive=$tmp/a.morgue

segments() {
	ls "$1" | grep -c '\.seg$'
}

# answers ARCHIVE: everything about a few questions.
answers() {
	for question in dam strike '"interest rates"' 'resign*' '~"water boards"' title:dam '=Gates' COVID-19 '(strike OR lockout) -copper' '*'; do
		for order in relevance newest oldest; do
			echo "$question, $order"
			"$query" --json -n 100 -s "$order" "$1" "$question"
		done
		"$query" -c "$1" "$question"
	done
	"$query" --explain-score 24 "$1" 'dam river'
}

"$indexer" add -q "$archive" corpus/text 2>"$tmp/stderr"
"$indexer" add -q "$archive" corpus/jsonl corpus/reuters 2>"$tmp/stderr"
same 'few articles are no segment' 0 "$(segments "$archive")"
ok 'the tail is whole' "$indexer" verify --deep "$archive"
sed 's/[0-9.]* seconds/N seconds/' "$tmp/ok.out" >"$tmp/line"
same 'and said so' "$archive: 43 articles, 0 segments and the tail are sound, the index is what its articles make; N seconds" "$(cat "$tmp/line")"
answers "$archive" >"$tmp/before"
"$indexer" dump "$archive" dam strike title:dam >"$tmp/dumped"
cp -R "$archive" "$tmp/copy.morgue"
ok 'seal' "$indexer" seal "$archive"
sed 's/[0-9.]* MB/N MB/' "$tmp/ok.out" >"$tmp/line"
same 'says what it did' "$archive: the newest 43 articles are sealed into a segment, N MB" "$(cat "$tmp/line")"
same 'a segment' 1 "$(segments "$archive")"
answers "$archive" >"$tmp/after"
ok 'every answer is the same, to the last score' cmp "$tmp/before" "$tmp/after"
"$indexer" dump "$archive" dam strike title:dam | sed 's/^segment 00000001.seg/tail/' >"$tmp/actual"
ok 'its lists were in the tail as they are in the segment' cmp "$tmp/dumped" "$tmp/actual"
ok 'nothing is left to seal' "$indexer" seal "$archive"
same 'and that is said' "$archive: all articles are in segments already" "$(cat "$tmp/ok.out")"
ok 'optimize seals too' "$indexer" optimize "$tmp/copy.morgue"
ok 'to the same segment' cmp "$archive/00000001.seg" "$tmp/copy.morgue/00000001.seg"

# ---- full ----

# add N FIRST WORDS: N articles in one go.
add() {
	n=0
	while [ "$n" -lt "$1" ]; do
		n=$((n + 1))
		printf '{"id":"%s","title":"Number %s","body":"%s"}\n' $(($2 + n)) $(($2 + n)) "$3"
	done | "$indexer" add -q "$tmp/full.morgue" -
}
add 100 0 zeppelin
add 28 100 zeppelin
same '128 articles wait' '0 128' "$(segments "$tmp/full.morgue") $("$query" -c "$tmp/full.morgue" zeppelin)"
add 1 128 zeppelin
same 'one more, and all are a segment' '1 129' "$(segments "$tmp/full.morgue") $("$query" -c "$tmp/full.morgue" zeppelin)"
add 1 129 zeppelin
same 'the next waits again' '1 130' "$(segments "$tmp/full.morgue") $("$query" -c "$tmp/full.morgue" zeppelin)"
add 1 130 "$(yes zeppelin | head -n 33000 | tr '\n' ' ')"
same 'a long one is sealed with it' '131 131' "$("$query" -c "$tmp/full.morgue" zeppelin) $("$query" -c "$tmp/full.morgue" '*')"
ok 'all is sound' "$indexer" verify --deep -q "$tmp/full.morgue"
"$indexer" dump "$tmp/full.morgue" | grep -q '^tail'
same 'and no tail is left' 1 $?

# ---- one that stays and reads ----

mkfifo "$tmp/in" "$tmp/out"
timeout 120 "$query" -c --batch - "$tmp/copy.morgue" <"$tmp/in" >"$tmp/out" 2>"$tmp/stderr" &
exec 3<>"$tmp/in" 4<"$tmp/out"
ask() {
	printf '%s\n' "$1" >&3
	IFS= read -r answer <&4
	printf '%s ' "$answer"
}
for n in 1 2 3; do
	printf 'Zeppelin %s\n\nagain, over Corran\n' "$n" >"$tmp/n.txt"
	"$indexer" add -q "$tmp/copy.morgue" "$tmp/n.txt" 3>&- 4<&-
	ask zeppelin
	ask 'zepp*'
	ask zeppelin
	ask 'zeppelin again'
	ask nowhere
done >"$tmp/actual"
"$indexer" seal -q "$tmp/copy.morgue" 3>&- 4<&-
ask 'zepp*' >>"$tmp/actual"
exec 3>&- 4<&-
same 'a reader that stays sees what comes' '1 1 1 1 0 2 2 2 2 0 3 3 3 3 0 3 ' "$(cat "$tmp/actual")"

finish
