#!/bin/sh
# The same article with another text: the newest is searched, the older ones are kept and shown.
. tests/lib.sh

archive=$tmp/a.morgue
indexer=$PWD/$indexer query=$PWD/$query
row() { sed -n "s/^  $1  *\([0-9,]*\).*/\1/p" "$tmp/stderr"; }
# add LINE...: JSON lines; prints added, already there, changed.
add() {
	printf '%s\n' "$@" | "$indexer" add "$archive" - 2>"$tmp/stderr"
	echo "$(row added) $(row 'already there') $(row changed)"
}
# story TITLE BODY [ID [DATE]]: a line.
story() { printf '{"id":"%s","source":"Post","date":"%s","title":"%s","body":"%s"}\n' "${3-1}" "${4-2019-03-01}" "$1" "$2"; }
count() { "$query" -c "$archive" "$1"; }
sound() { ok "$1" "$indexer" verify --deep "$archive"; }
fresh() { rm -rf "$archive"; }
show() { "$query" show "$archive" "$@"; }

monday='The dam was opened on Monday by the minister.'
tuesday='The dam was opened on Tuesday by the prime minister.'
friday='The dam was opened on Friday.'

# ---- one after the other ----

same 'a first text' '3 0 ' "$(add "$(story Dam "$monday")" "$(story Levy 'A levy was passed.' 2)" "$(story Strike 'A strike began.' 3)")"
same 'another one' '0 0 1' "$(add "$(story Dam "$tuesday")")"
same 'is found' '0 1 3' "$(count Monday) $(count Tuesday) $(count '*')"
sound 'the index holds the newest texts alone'
same 'the number stays' 1 "$("$query" -l "$archive" Tuesday)"
same 'the same again is known' '0 1 ' "$(add "$(story Dam "$tuesday")")"
same 'so is the older one: the file of last week changes nothing' '0 1 ' "$(add "$(story Dam "$monday")")"
same 'and the newest stays' '0 1' "$(count Monday) $(count Tuesday)"
same 'a third' '0 0 1' "$(add "$(story 'Dam at last' "$friday")")"
same 'all that were are known' '0 3 ' "$(add "$(story Dam "$monday")" "$(story Dam "$tuesday")" "$(story 'Dam at last' "$friday")")"
same 'a date that changes is a change' '0 0 1' "$(add "$(story Levy 'A levy was passed.' 2 2019-04-01)")"
same 'and counts' '1 0' "$(count 'levy date:2019-04') $(count 'levy date:2019-03')"
sound 'the index is what the newest texts make'
ok 'the archive can be optimized' "$indexer" optimize -q "$archive"
sound 'and is still'
same 'three articles' 3 "$(count '*')"

same 'a text with another share button is the same' '1 3 ' "$(add "$(story Ferry "$monday" 4)" "$(story Ferry "Share this\\n\\n$monday" 4)" \
	"$(story Ferry "$monday\\n\\nShare this\\n\\nRead more" 4)" "$(story Ferry " \\n$monday" 4)")"
same 'and so is an older one' '0 2 1' "$(add "$(story Ferry "$tuesday" 4)" "$(story Ferry "Share this\\n\\n$monday" 4)" \
	"$(story Ferry "$tuesday\\n\\nShare this" 4)")"

# ---- within one batch ----

fresh
same 'a text that is newer within the same file' '2 1 3' "$(add "$(story Dam "$monday")" "$(story Levy 'A levy was passed.' 2)" \
	"$(story Dam "$tuesday")" "$(story Dam "$monday")" "$(story Dam "$friday")" "$(story Levy 'No levy.' 2 2020)")"
same 'the last one is found' '0 0 1 2' "$(count Monday) $(count Tuesday) $(count Friday) $(count '*')"
sound 'and the index holds it alone'
same 'together with those of a run before' '0 1 2' "$(add "$(story Dam "$tuesday now")" "$(story Dam "$monday")" "$(story Dam "$monday now")")"
same 'the last one is found again' '0 1' "$(count Tuesday) $(count Monday)"
sound 'as the index says'

fresh
(
	MORGUE_TEST_BATCH=1
	export MORGUE_TEST_BATCH
	add "$(story Dam "$monday")" "$(story Levy 'A levy.' 2)" "$(story Dam "$tuesday")" "$(story Dam "$friday")" "$(story Levy 'No levy.' 2)" >"$tmp/counted"
)
same 'and in a batch each' '2 0 3' "$(cat "$tmp/counted")"
same 'the last one is found there, too' '0 0 1 2' "$(count Monday) $(count Tuesday) $(count Friday) $(count '*')"
sound 'and the index is sound'

# Many articles, a few of which change: the others' segment stays.
fresh
i=0
while [ $((i += 1)) -le 60 ]; do story "Report $i" "Nothing new from desk $i." "d$i"; done >"$tmp/many.jsonl"
"$indexer" add -q "$archive" "$tmp/many.jsonl"
"$indexer" seal -q "$archive"
cksum "$archive"/0*.seg >"$tmp/before"
same 'two of many' '0 0 2' "$(add "$(story 'Report 7' "$monday" d7)" "$(story 'Report 60' "$tuesday" d60)")"
cksum "$archive"/0*.seg >"$tmp/after"
ok 'the segment of the others stays as it is' cmp "$tmp/before" "$tmp/after"
same 'the older texts are dead in it' '60 1 1 58' "$(count '*') $(count Monday) $(count Tuesday) $(count desk)"
same 'scores count as many as there are' 60 "$("$query" --json "$archive" Monday | sed -n 's/.*"articles":\([0-9]*\).*/\1/p')"
sound 'it is sound'
cp -R "$archive" "$tmp/copy.morgue"
ok 'rebuilt' "$indexer" rebuild -q "$archive"
same 'the same' '60 1 1 58' "$(count '*') $(count Monday) $(count Tuesday) $(count desk)"
sound 'and sound'

# ---- shown ----

fresh
cat >"$tmp/old.jsonl" <<'END'
{"id":"1","source":"Post","title":"Dam opens","author":"A. Penn","body":"The dam was opened on Monday by the minister.\n\nIt is forty metres high.\n\nThe ferry was late.\n\nNobody was hurt.\n\nThe band played."}
END
cat >"$tmp/new.jsonl" <<'END'
{"id":"1","source":"Post","title":"Dam opens at last","author":"A. Penn","body":"The dam was opened on Tuesday morning by the prime minister.\n\nIt is forty metres high.\n\nThe ferry was late.\n\nNobody was hurt.\n\nCorrection: an earlier version named the wrong day."}
END
(cd "$tmp" && "$indexer" add -q a.morgue old.jsonl)
expect 'an article with one text: no revisions' 0 "$query" show "$archive" 1 <<'END'
Dam opens
number   1
source   Post
author   A. Penn
key      1
file     old.jsonl

The dam was opened on Monday by the minister.

It is forty metres high.

The ferry was late.

Nobody was hurt.

The band played.
END
(cd "$tmp" && "$indexer" add -q a.morgue new.jsonl)
same 'the newest is shown, and that there are others' 'revision 2 of 2' "$(show 1 | sed -n 3p)"
expect 'an older one' 0 "$query" show --revision 1 "$archive" 1 <<'END'
Dam opens
number   1
revision 1 of 2
source   Post
author   A. Penn
key      1
file     old.jsonl

The dam was opened on Monday by the minister.

It is forty metres high.

The ferry was late.

Nobody was hurt.

The band played.
END
expect 'what changed' 0 "$query" show --diff "$archive" 1 <<'END'
~ Dam opens{+ at last+}
  number   1
~ revision [-1-]{+2+} of 2
  source   Post
  author   A. Penn
  key      1
- file     old.jsonl
+ file     new.jsonl

~ The dam was opened on [-Monday-]{+Tuesday morning+} by the{+ prime+} minister.

  It is forty metres high.
...
  Nobody was hurt.

- The band played.
+ Correction: an earlier version named the wrong day.
END
"$query" show --diff --revision 2 "$archive" 1 >"$tmp/second"
ok 'the newest by its number' cmp "$tmp/actual" "$tmp/second"
ok 'coloured' sh -c '"$1" show --diff --color always "$2" 1 | grep -qF "$(printf "\\033[31m[-Monday-]\\033[0m\\033[32m{+Tuesday morning+}\\033[0m")"' \
	sh "$query" "$archive"
expect_status 'nothing is before the first' 1 "$query" show --diff --revision 1 "$archive" 1
expect_in 'and said so' "$tmp/stderr" 'there is nothing before revision 1 of article 1'
expect_status 'nor is there a third' 1 "$query" show --revision 3 "$archive" 1
expect_in 'and said so' "$tmp/stderr" 'there is no revision 3 of article 1'
expect_status 'no article, no difference' 1 "$query" show --diff "$archive" 2
for word in 0 -1 x ''; do
	expect_status "revision '$word'" 2 "$query" show --revision "$word" "$archive" 1
done
expect_status '--diff is for people' 2 "$query" show --diff --json "$archive" 1

# member NAME: of the one line of JSON on standard input.
member() { sed -n "s/.*\"$1\":\([^]}]*]\{0,1\}\).*/\1/p" | sed 's/,".*//'; }
same 'JSON: which one, and which there are' '2 [1,2]' "$(show --json 1 | member revision) $(show --json 1 | member revisions)"
same 'an older one' '1 [1,2]' "$(show --json --revision 1 1 | member revision) $(show --json --revision 1 1 | member revisions)"
same 'with its own text and file' '"Dam opens" "old.jsonl"' "$(show --json --revision 1 1 | member title) $(show --json --revision 1 1 | member path)"

if command -v sqlite3 >"$tmp/which"; then
	cp -R "$archive" "$tmp/bad.morgue"
	sqlite3 "$tmp/bad.morgue/catalog.db" "UPDATE revision SET text = zeroblob(length(text))"
	expect_status 'an older text that is damaged: verify --deep finds it' 3 "$indexer" verify --deep "$tmp/bad.morgue"
	expect_in 'and says which' "$tmp/stderr" 'the text of article 1 is damaged'
	expect_status 'show says so' 3 "$query" show --revision 1 "$tmp/bad.morgue" 1
	expect_status 'and shows the newest' 0 "$query" show "$tmp/bad.morgue" 1
else
	for what in 'an older text that is damaged: verify --deep finds it' 'and says which' 'show says so' 'and shows the newest'; do
		skip "$what" 'no sqlite3'
	done
fi

# What a text holds that could drive a terminal is not in the difference either.
printf '{"id":"9","title":"T\\u001b[31m","body":"a \\u202e b \\u001b]0;x\\u0007 c d e f"}\n' >"$tmp/evil.jsonl"
"$indexer" add -q "$archive" "$tmp/evil.jsonl"
printf '{"id":"9","title":"T\\u001b[31m","body":"a \\u202e z \\u001b]0;y\\u0007 c d e f"}\n' >"$tmp/evil.jsonl"
"$indexer" add -q "$archive" "$tmp/evil.jsonl"
show --diff 2 >"$tmp/actual"
ok 'there is a difference' grep -q '^~ .*-\]{+' "$tmp/actual"
ok 'that is safe to print' sh -c '. tests/lib.sh; ! unsafe "$1"' sh "$tmp/actual"

# A text of many lines, all of them other ones, does not take all memory there is.
for i in 1 2; do
	seq 1 3000 | sed "s/^/line $i of /; s/\$/\\\\n/" | tr -d '\n' >"$tmp/lines"
	printf '{"id":"10","title":"Lines","body":"%s"}\n' "$(cat "$tmp/lines")" >"$tmp/long.jsonl"
	"$indexer" add -q "$archive" "$tmp/long.jsonl"
done
same 'all lines are other ones' 3000 "$(show --diff 3 | grep -c '^~ line \[-1-\]{+2+} of ')"

"$indexer" add --errors "$tmp/errors.jsonl" -q "$archive" "$tmp/old.jsonl"
printf '%s\n' "$(story Other "$friday")" | "$indexer" add --errors "$tmp/errors.jsonl" -q "$archive" -
ok 'the summary counts what changed' grep -q '"added":0,"known":0,"rejected":0,"changed":1,' "$tmp/errors.jsonl"

finish
