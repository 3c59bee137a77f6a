#!/bin/sh
# What an archive holds: counts that are those of queries, holes in its dates, sizes that add up.
. tests/lib.sh
make_corpus sealed

ok 'stats' "$indexer" stats "$corpus"
"$indexer" stats "$corpus" >"$tmp/text"
"$indexer" stats --json "$corpus" >"$tmp/json"
same 'one line of JSON' 1 "$(wc -l <"$tmp/json" | tr -d ' ')"
ok 'which says what it is' grep -q '^{"type":"stats","format_version":1,"articles":43,' "$tmp/json"
same 'the same for the same archive' "$(cat "$tmp/json")" "$("$indexer" stats --json "$corpus")"

# number NAME [FILE]: a member of the line.
number() { grep -o "\"$1\":[0-9]*" "${2:-$tmp/json}" | head -n 1 | sed 's/.*://'; }

same 'articles, as queries count them' "$("$query" -c "$corpus" '*')" "$(number articles)"
same 'dated' "$(($("$query" -c "$corpus" '*') - $("$query" -c "$corpus" date:none)))" "$(number dated)"
same 'first and last' "$("$query" --json -s oldest -n 1 "$corpus" '* -date:none' | sed -n 's/.*,"date":"\([^T"]*\).*/\1/p' | head -n 1)" \
	"$(sed -n 's/.*"first":"\([^"]*\)".*/\1/p' "$tmp/json" | cut -c 1-10)"
same 'sources and their articles add up' 43 \
	"$(tr '{' '\n' <"$tmp/json" | sed -n 's/^"articles":\([0-9]*\),"name".*/\1/p' | awk '{ n += $1 } END { print n }')"
same 'sections add up to the file' "$(wc -c <"$corpus/00000001.seg" | tr -d ' ')" \
	"$(sed 's/.*"sections":{\([^}]*\)}.*/\1/' "$tmp/json" | tr ',' '\n' | sed 's/.*://' | awk '{ n += $1 } END { print n }')"
same 'and are said to' "$(wc -c <"$corpus/00000001.seg" | tr -d ' ')" "$(number index_bytes)"
same 'the catalog' "$(wc -c <"$corpus/catalog.db" | tr -d ' ')" "$(number catalog_bytes)"
ok 'texts are smaller compressed' test "$(number stored_bytes)" -lt "$(number text_bytes)"
expect_in 'for people: a segment' "$tmp/text" '    00000001.seg               43 articles, 0.1 MB, 20'
expect_in 'for people: a source' "$tmp/text" '   Harbour Courier'

# ---- several segments ----

"$indexer" add -q "$tmp/two.morgue" corpus/text corpus/jsonl 2>"$tmp/stderr"
"$indexer" seal -q "$tmp/two.morgue"
"$indexer" add -q "$tmp/two.morgue" corpus/reuters 2>"$tmp/stderr"
"$indexer" stats --json "$tmp/two.morgue" >"$tmp/json.two"
for member in articles words dated terms; do
	same "however many segments: $member" "$(number $member)" "$(number $member "$tmp/json.two")"
done

same 'the tail is told' '0 8' "$(number tail) $(number tail "$tmp/json.two")"

# ---- holes ----

# paper ARCHIVE: articles of the days that come in as YYYY-MM-DD N.
paper() {
	awk '{ for (i = 0; i < $2; i++) printf "{\"id\":\"%s-%d\",\"title\":\"News %s\",\"date\":\"%s\",\"body\":\"A dam.\"}\n", $1, i, $1, $1 }' |
		"$indexer" add -q -f jsonl "$1" - 2>"$tmp/stderr"
}
holes() { "$indexer" stats --json "$1" | sed 's/.*"holes":\[\([^]]*\)\].*/\1/'; }

for year in 1990 1991 1992 1995; do
	for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
		case $year-$month in 1991-0[34]) ;; *) echo "$year-$month-15 11" ;; esac
	done
done | paper "$tmp/dense.morgue"
same 'a dense archive: months, and years' '{"from":"1991-03","to":"1991-04"},{"from":"1993-01","to":"1994-12"}' "$(holes "$tmp/dense.morgue")"
printf '1950-03-01 1\n1951-11-02 2\n1953-01-07 1\n1957-09-09 1\n' | paper "$tmp/thin.morgue"
same 'a thin one: only years' '{"from":"1952","to":"1952"},{"from":"1954","to":"1956"}' "$(holes "$tmp/thin.morgue")"
"$indexer" stats "$tmp/thin.morgue" >"$tmp/text"
expect_in 'for people: years' "$tmp/text" '    1954 to 1956'
printf '1950-03-01 1\n' | paper "$tmp/one.morgue"
same 'one article: none' '' "$(holes "$tmp/one.morgue")"
: >"$tmp/empty.txt"
"$indexer" add -q "$tmp/none.morgue" "$tmp/empty.txt" 2>"$tmp/stderr"
ok 'no article: all the same' "$indexer" stats "$tmp/none.morgue"
ok 'and as JSON' sh -c '"$1" stats --json "$2" | grep -q "\"articles\":0,\"words\":0,\"dated\":0,\"first\":null"' sh "$indexer" "$tmp/none.morgue"

# ---- ----

printf '{"title":"A","source":"Evil\\u001b[31m\\u202eWire","body":"A dam."}\n' | "$indexer" add -q -f jsonl "$tmp/evil.morgue" -
"$indexer" stats "$tmp/evil.morgue" >"$tmp/text"
"$indexer" stats --json "$tmp/evil.morgue" >>"$tmp/text"
same 'a source cannot drive the terminal' no "$(unsafe "$tmp/text" && echo yes || echo no)"
expect_status 'of an archive that is not there: exit 3' 3 "$indexer" stats "$tmp/no.morgue"
expect_status 'without one: usage' 2 "$indexer" stats
printf 'XXXX' | dd of="$tmp/two.morgue/00000001.seg" bs=1 seek=250 conv=notrunc 2>"$tmp/dd"
expect_status 'damaged: exit 3' 3 "$indexer" stats "$tmp/two.morgue"
same 'no half answer' '' "$(cat "$tmp/actual")"
expect_in 'and the cure' "$tmp/stderr" "  indexer rebuild $tmp/two.morgue"

finish
