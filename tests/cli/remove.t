#!/bin/sh
# Articles are removed: by number, source, file and question, all or none, and nothing finds them then.
. tests/lib.sh
make_corpus

archive=$tmp/a.morgue
fresh() {
	rm -rf "$archive"
	cp -R "$corpus" "$archive"
}

# count QUESTION: its hits in the archive.
count() {
	"$query" -c "$archive" "$1"
}

# sql QUERY: what the catalog says.
sql() { sqlite3 "$archive/catalog.db" "$1"; }

# ---- by number ----

fresh
all=$(count '*')
ok 'two articles' "$indexer" remove "$archive" 17 '#23'
same 'it says how many' "$archive: 2 articles removed, $((all - 2)) left" "$(cat "$tmp/ok.out")"
same 'they are gone' "$((all - 2))" "$(count '*')"
expect_status 'and cannot be shown' 1 "$query" show "$archive" 17
"$query" -l -n all "$archive" '*' | sort -n >"$tmp/numbers"
"$query" -l -n all "$corpus" '*' | sort -n | grep -vxE '17|23' >"$tmp/wanted"
ok 'the others are there' cmp "$tmp/wanted" "$tmp/numbers"
ok 'the index is sound' "$indexer" verify --deep "$archive"
expect_status 'again: exit 1' 1 "$indexer" remove "$archive" 17 18
expect_in 'the one that is gone is named' "$tmp/stderr" "$archive: there is no article 17"
same 'the other one goes' "$((all - 3))" "$(count '*')"
expect_status 'an article cannot be explained any more' 1 "$query" --explain-score 18 "$archive" '*'

# ---- by what they are ----

fresh
hits=$(count dam)
"$query" -l -n all "$archive" dam | sort -n >"$tmp/wanted"
cksum "$archive"/* >"$tmp/before"
"$indexer" remove -n --query dam "$archive" >"$tmp/actual" 2>"$tmp/stderr"
cut -f 1 "$tmp/actual" | sort -n >"$tmp/numbers"
ok '--dry-run lists the hits of a question' cmp "$tmp/wanted" "$tmp/numbers"
expect_in 'with date and title' "$tmp/actual" "	2019-03-12	Tarn Edge dam wall fails, sending flood down the Orrin valley"
expect_in 'and counts them' "$tmp/stderr" "$archive: $hits articles would be removed"
cksum "$archive"/* >"$tmp/after"
ok 'and changes nothing' cmp "$tmp/before" "$tmp/after"
ok 'the hits of a question' "$indexer" remove -q --query dam "$archive"
same '-q: not a word' '' "$(cat "$tmp/ok.out")"
same 'it has none any more' 0 "$(count dam)"
same 'and the others are there' "$((all - hits))" "$(count '*')"
ok 'once more: none, and that is fine' "$indexer" remove --query dam "$archive"
expect_in 'it says so' "$tmp/ok.out" "0 articles removed"
expect_status 'a question that is none: exit 2' 2 "$indexer" remove --query 'date:1984-13' "$archive"
expect_in 'query says why' "$tmp/stderr" 'date:1984-13'
same 'and nothing is removed' "$((all - hits))" "$(count '*')"

fresh
wanted=$("$query" --json -n all "$archive" '*' | grep -c '"source":"Valley Times"')
ok 'a source' "$indexer" remove --source 'Valley Times' "$archive"
expect_in 'has so many' "$tmp/ok.out" "$wanted articles removed"
same 'and is gone' 0 "$("$query" --json -n all "$archive" '*' | grep -c '"source":"Valley Times"')"
ok 'a source that there is not' "$indexer" remove --source 'No such paper' "$archive"
expect_in 'has none' "$tmp/ok.out" '0 articles removed'

fresh
ok 'a directory' "$indexer" remove --path corpus/text/ "$archive"
removed=$(sed 's/.*: \([0-9]*\) articles removed.*/\1/' "$tmp/ok.out")
"$indexer" add "$tmp/text.morgue" corpus/text >"$tmp/added" 2>&1
same 'all of the directory' "$("$query" -c "$tmp/text.morgue" '*')" "$removed"
same 'and nothing else' "$((all - removed))" "$(count '*')"
ok 'a file' "$indexer" remove --path corpus/jsonl/feed.jsonl.gz "$archive"
expect_in 'has some' "$tmp/ok.out" 'articles removed'
ok 'a path is not a prefix of names' "$indexer" remove --path corpus/reut "$archive"
expect_in 'so it has none' "$tmp/ok.out" '0 articles removed'

# ---- from standard input ----

fresh
"$query" -l -n all "$archive" strike >"$tmp/numbers"
hits=$(wc -l <"$tmp/numbers")
expect 'numbers on standard input' 0 sh -c '"$1" remove -q "$2" - <"$3"' - "$indexer" "$archive" "$tmp/numbers" </dev/null
same 'are removed' "$((all - hits))" "$(count '*')"
expect_status 'none: none' 0 "$indexer" remove "$archive" - </dev/null
printf '17 23\n\n   24\t25' >"$tmp/numbers"
ok 'white space as it comes' sh -c '"$1" remove -n "$2" - <"$3"' - "$indexer" "$corpus" "$tmp/numbers"
expect_in 'four numbers' "$tmp/ok.out" '4 articles would be removed'
cksum "$archive/catalog.db" >"$tmp/before"
for bad in seventeen '17x' '#' '' '-5' '17,18' '1e3'; do
	printf '%s' "1 $bad" >"$tmp/numbers"
	[ -z "$bad" ] || expect_status "on standard input no number: $bad" 2 \
		sh -c '"$1" remove "$2" - <"$3"' - "$indexer" "$archive" "$tmp/numbers"
	expect_status "no number: '$bad'" 2 "$indexer" remove "$archive" 1 "$bad"
done
cksum "$archive/catalog.db" >"$tmp/after"
ok 'and nothing is removed' cmp "$tmp/before" "$tmp/after"
expect_status 'a number that is too large: there is no such article' 1 "$indexer" remove "$archive" 99999999999999999999
printf '1 \033[31m' >"$tmp/numbers"
"$indexer" remove "$archive" - <"$tmp/numbers" 2>"$tmp/stderr"
ok 'what is no number is shown safely' sh -c '! grep -q "$(printf "\033")" "$1"' - "$tmp/stderr"

# ---- all of it, and back ----

fresh
"$query" -l -n all "$archive" '*' | "$indexer" remove -q "$archive" -
same 'all articles' 0 "$(count '*')"
same 'no segment is left' 0 "$(ls "$archive" | grep -c '\.seg$')"
expect_status 'a search in nothing' 1 "$query" "$archive" dam
"$indexer" add -q "$archive" corpus/text corpus/jsonl corpus/reuters 2>"$tmp/stderr"
same 'the same files bring them back' "$all" "$(count '*')"
"$query" -l -n 1 -s oldest "$archive" 'dam' >"$tmp/numbers"
ok 'with numbers that were never used' test "$(cat "$tmp/numbers")" -gt "$all"
"$query" --json -n all "$archive" dam | sed 's/"id":[0-9]*,//' >"$tmp/after"
"$query" --json -n all "$corpus" dam | sed 's/"id":[0-9]*,//' >"$tmp/before"
ok 'and answer as before' cmp "$tmp/before" "$tmp/after"

# ---- what is left of them ----

if command -v sqlite3 >"$tmp/which"; then
	fresh
	"$indexer" seal -q "$archive"
	"$indexer" remove -q "$archive" 1 2
	same 'no row' 0 "$(sql 'SELECT count(*) FROM article WHERE number <= 2')"
	same 'nothing that tells them' 0 "$(sql 'SELECT count(*) FROM identity WHERE article <= 2')"
	same 'two dead docs' 2 "$(sql 'SELECT sum(dead) FROM segment')"
	"$indexer" remove -q "$archive" 3 4 5 6 7 8 9 10
	same 'a fifth is gone: no dead docs' 0 "$(sql 'SELECT sum(dead) FROM segment')"
	same 'the catalog is sound' ok "$(sql 'PRAGMA integrity_check')"
else
	skip 'what is left in the catalog' 'there is no sqlite3'
fi
fresh
"$indexer" seal -q "$archive"
"$indexer" remove -q "$archive" 1 2
ok 'optimize takes two dead docs out' "$indexer" optimize "$archive"
expect_in 'and says so' "$tmp/ok.out" '1 segment is one without what was removed now: 41 articles'
ok 'once more' "$indexer" optimize "$archive"
expect_in 'there is nothing to do' "$tmp/ok.out" 'the index is one segment already'

# ---- usage ----

fresh
expect_status 'of nothing: usage' 2 "$indexer" remove "$archive"
expect_in 'with an example' "$tmp/stderr" 'indexer remove news.morgue 17 23'
expect_status 'numbers and a source: usage' 2 "$indexer" remove --source x "$archive" 17
expect_status 'a source and a question: usage' 2 "$indexer" remove --source x --query dam "$archive"
expect_status 'options behind the archive: usage' 2 "$indexer" remove "$archive" --query dam
expect_in 'which is said' "$tmp/stderr" "'--query': options stand before the archive"
expect_status 'of no archive: exit 3' 3 "$indexer" remove "$tmp/none.morgue" 17
ok 'and none is made' test ! -e "$tmp/none.morgue"
same 'nothing was removed' "$all" "$(count '*')"
ok 'named by MORGUE' env MORGUE="$archive" "$indexer" remove --query dam
ok 'with query of another name beside it' sh -c 'mkdir "$3" && cp "$1" "$3/morgue-indexer" && cp "$2" "$3/morgue-query" &&
	"$3/morgue-indexer" remove --query strike "$4"' - "$indexer" "$query" "$tmp/bin" "$archive"
same 'it was asked' 0 "$(count strike)"
finish
