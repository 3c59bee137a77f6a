#!/bin/sh
# The maker of made-up archives: what it writes is read without a complaint, again and again the same.
. tests/lib.sh
generate=$BUILD/bin/generate
archive=$tmp/a.morgue

row() {
	sed -n "s/^  $1  *\([0-9,]*\).*/\1/p" "$tmp/stderr"
}

"$generate" --duplicates 2 --undated 10 --furniture 50 --scripts 20 --words 100 1000 >"$tmp/news.jsonl"
same 'it ends well' 0 $?
same 'a line for each article' 1000 "$(wc -l <"$tmp/news.jsonl" | tr -d ' ')"

# ---- read back ----

"$indexer" add "$archive" "$tmp/news.jsonl" 2>"$tmp/stderr"
same 'indexing it is exit status 0' 0 $?
same 'nothing is rejected' 0 "$(row rejected)"
same 'no byte is repaired' '' "$(row 'bytes repaired')"
copies=$(uniq -d "$tmp/news.jsonl" | wc -l | tr -d ' ')
ok 'some lines stand there twice' [ "$copies" -gt 0 ]
same 'and these are the articles that were there already' "$copies" "$(row 'already there')"
undated=$(uniq "$tmp/news.jsonl" | grep -vc '"date":')
same 'articles without a date are those whose line has none' "$undated" "$("$query" -c "$archive" date:none)"
ok 'there are such' [ "$undated" -gt 50 ]
ok 'the index is sound' "$indexer" verify -q "$archive"

# ---- furniture ----

# The same articles without their pages: whatever word is gone with the pages must not find anything.
words() {
	sed 's/\\n/ /g' "$1" | grep -oE '\b[A-Za-z]{7,}\b' | tr A-Z a-z | sort -u
}
"$generate" --words 60 --lacking 0 --scripts 0 --furniture 100 400 >"$tmp/pages.jsonl"
"$generate" --words 60 --lacking 0 --scripts 0 --furniture 0 400 >"$tmp/texts.jsonl"
words "$tmp/pages.jsonl" >"$tmp/with"
words "$tmp/texts.jsonl" >"$tmp/without"
same 'without its page an article loses nothing' '' "$(comm -13 "$tmp/with" "$tmp/without")"
comm -23 "$tmp/with" "$tmp/without" | grep -vE '^comments$' >"$tmp/only"
ok 'many words stand in the pages only' [ "$(wc -l <"$tmp/only")" -gt 1000 ]
"$indexer" add -q "$tmp/pages.morgue" "$tmp/pages.jsonl" 2>"$tmp/stderr"
sed -n 'n;n;n;n;n;n;n;n;n;n;n;n;n;n;n;n;n;n;n;n;s/^/=/p' "$tmp/only" | tr '\n' ' ' >"$tmp/some"
same 'and find nothing' 0 "$("$query" --any -c "$tmp/pages.morgue" "$(cat "$tmp/some")")"
same 'nor does what a page says to its reader' 0 \
	"$("$query" --any -c "$tmp/pages.morgue" '"you may also like" "share this article" "continues below"')"
"$indexer" add -q "$tmp/texts.morgue" "$tmp/texts.jsonl" 2>"$tmp/stderr"
for question in the minister 'the bank' '"in order to"' title:after; do
	same "$question finds as many with the pages as without" "$("$query" -c "$tmp/texts.morgue" "$question")" \
		"$("$query" -c "$tmp/pages.morgue" "$question")"
done

# ---- the same again ----

"$generate" --words 50 200 >"$tmp/one"
"$generate" --words 50 --seed 1 -o "$tmp/two" 200
ok 'the same options give the same bytes, by -o too' cmp "$tmp/one" "$tmp/two"
"$generate" --words 50 --seed 2 200 >"$tmp/two"
ok 'another seed gives others' sh -c '! cmp -s "$1" "$2"' sh "$tmp/one" "$tmp/two"
same 'none at all is possible' '' "$("$generate" 0)"

# ---- mistakes ----

expect_status 'no number is a mistake' 2 "$generate"
expect_in 'said so' "$tmp/stderr" 'name one number: how many articles'
expect_status 'an unknown option too' 2 "$generate" --bogus 3
expect_in 'said so' "$tmp/stderr" 'there is no option --bogus'
expect_status 'a percentage over 100 too' 2 "$generate" --late 101 3
expect_in 'said so' "$tmp/stderr" "--late wants a percentage, 0 to 100, with two decimals at most; not '101'"
expect_status 'a number that is none too' 2 "$generate" --words many 3
expect_in 'said so' "$tmp/stderr" "--words wants a number from 30 to 100000, not 'many'"
expect_status 'a count that is none too' 2 "$generate" 1e6
expect_status 'a file that cannot be written is status 1' 1 "$generate" -o "$tmp/none/such" 3
expect_in 'said so' "$tmp/stderr" "cannot write $tmp/none/such: No such file or directory"
if [ -w /dev/full ]; then
	expect_status 'so is a full disk' 1 "$generate" -o /dev/full 1000
	expect_in 'said so' "$tmp/stderr" 'cannot write /dev/full: No space left on device'
else
	skip 'a full disk' 'no /dev/full'
	skip 'said so' 'no /dev/full'
fi
{ "$generate" 5000 2>"$tmp/stderr"; echo $? >"$tmp/status"; } | head -c 1 >"$tmp/actual"
same 'and a reader that leaves' 1 "$(cat "$tmp/status")"
expect_in 'said so' "$tmp/stderr" 'cannot write standard output: Broken pipe'
ok 'the help fits a screen' [ "$("$generate" --help | wc -l)" -le 24 ]
ok 'of 80 columns' sh -c '! "$1" --help | grep -E "^.{81}"' sh "$generate"

finish
