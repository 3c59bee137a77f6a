#!/bin/sh
# What the three formats and their fields become.
. tests/lib.sh

archive=$tmp/a.morgue

# one FILE OPTION...: an archive of this file alone, and its first article as JSON in $tmp/article.
one() {
	file=$1
	shift
	rm -rf "$archive"
	"$indexer" add -q "$@" "$archive" "$file" 2>"$tmp/stderr"
	status=$?
	"$query" show --json "$archive" 1 >"$tmp/article" 2>"$tmp/show.err"
}

# member NAME: its value in $tmp/article, as JSON.
member() {
	sed -n "s/.*\"$1\":\(\"\([^\"\\\\]\|\\\\.\)*\"\|[^,]*\),.*/\1/p" "$tmp/article"
}

# ---- plain text ----

cat >"$tmp/a.txt" <<'END'
Title: Bridge opens
DATE: 3 May 2001
Source: Evening Post
author: A. Writer
section: Local
url: https://post.example/bridge
lang: en

First paragraph.

Second paragraph.
END
one "$tmp/a.txt"
same 'front matter: title' '"Bridge opens"' "$(member title)"
same 'date' '"2001-05-03"' "$(member date)"
same 'source' '"Evening Post"' "$(member source)"
same 'author' '"A. Writer"' "$(member author)"
same 'section' '"Local"' "$(member section)"
same 'url' '"https://post.example/bridge"' "$(member url)"
same 'lang' '"en"' "$(member lang)"
same 'body' '"First paragraph.\n\nSecond paragraph.\n"' "$(member body | sed 's/\(\\n\)*"$/\\n"/')"

mkdir -p "$tmp/2019/03/12"
printf '\357\273\277Headline of it\r\n\r\nThe text\r\nof it: with a colon.\r\n' >"$tmp/2019/03/12/b.txt"
one "$tmp/2019/03/12/b.txt"
same 'no front matter: the first line is the title' '"Headline of it"' "$(member title)"
same 'the date is in the path' '"2019-03-12"' "$(member date)"
same 'carriage returns are no text' 0 "$(grep -c '\\r' "$tmp/article")"
cp "$tmp/2019/03/12/b.txt" "$tmp/20180704-b.txt"
one "$tmp/20180704-b.txt"
same 'or in the name' '"2018-07-04"' "$(member date)"
cp "$tmp/2019/03/12/b.txt" "$tmp/99999999.txt"
one "$tmp/99999999.txt"
same 'digits that are no date are none' null "$(member date)"
printf 'Caf\351 opens\n\nNa\357ve.\n' >"$tmp/latin1.txt"
one "$tmp/latin1.txt"
same 'bytes that are no UTF-8 do not stop it' 0 "$status"
same 'a text of its own title is found by it' 1 "$("$query" -c "$archive" opens)"

# ---- JSON lines ----

printf '%s\n' '{"hed":"A","pubDate":"Tue, 08 Sep 2015 07:00:00 +0200","site":"S","authors":["X","Y"],"category":"C","link":"http://l.example/","guid":"g1","maintext":"Body A"}' \
	'{"headline":"B","date_publish":"2016-09","publication":"P","byline":"Z","uuid":7,"articleBody":"Body B"}' \
	'' '{"content":"Only text"}' '{"title":"Only title"}' '{"title":null,"text":""}' '{}' '"string"' >"$tmp/a.jsonl"
one "$tmp/a.jsonl"
same 'the usual names: title' '"A"' "$(member title)"
same 'date' '"2015-09-08T07:00:00+02:00"' "$(member date)"
same 'source' '"S"' "$(member source)"
same 'authors' '"X, Y"' "$(member author)"
same 'section' '"C"' "$(member section)"
same 'url' '"http://l.example/"' "$(member url)"
same 'key' '"g1"' "$(member key)"
same 'body' '"Body A"' "$(member body)"
"$query" show --json "$archive" 2 >"$tmp/article"
same 'a month is a date' '"2016-09"' "$(member date)"
same 'a number is an identifier' '"7"' "$(member key)"
same 'what holds neither title nor text is rejected' 3 "$(grep -c '^rejected: ' "$tmp/stderr")"
same 'the rest is read' 4 "$("$query" -c "$archive" '*')"
"$query" "$archive" only text >"$tmp/actual"
expect_in 'no headline' "$tmp/actual" '  1  (no headline)'

printf '%s\n' '{"head":{"line":"Nested"},"when":"2001-02-03","copy":"Deep text"}' >"$tmp/m.jsonl"
one "$tmp/m.jsonl" --map title=head.line,date=when,body=copy
same '--map: title' '"Nested"' "$(member title)"
same '--map: date' '"2001-02-03"' "$(member date)"
same '--map: body' '"Deep text"' "$(member body)"

# ---- formats by content, and by name ----

printf '%s\n' '{"title":"Looks like JSON","body":"but is not named so"}' >"$tmp/noname"
one "$tmp/noname"
same 'JSON lines are known by their content' '"Looks like JSON"' "$(member title)"
one "$tmp/noname" --format text
same '--format text reads them as text' 1 "$(grep -c 'but is not named so' "$tmp/article")"
same 'with no such title' 0 "$(grep -c '"title":"Looks like JSON"' "$tmp/article")"
one "$tmp/a.txt" --format jsonl
same '--format jsonl rejects a text' 1 "$status"
gzip -c corpus/reuters/strikes.sgm >"$tmp/wire"
one "$tmp/wire"
same 'Reuters, compressed, of no telling name' '"1"' "$(member key)"
same 'its time to the second' '"1987-02-26T15:01:01"' "$(member date)"
same 'its topics and places' '"topic:cocoa place:costa-lira place:ardmoor"' "$(member tags)"
printf '\000\001\002\003binary' >"$tmp/bin.txt"
one "$tmp/bin.txt"
expect_in 'a binary file is rejected' "$tmp/stderr" 'binary file'
printf '\377\376T\000i\000t\000l\000e\000\n\000' >"$tmp/utf16.txt"
one "$tmp/utf16.txt"
expect_in 'and so is UTF-16' "$tmp/stderr" 'UTF-16'

# ---- the same article again ----

printf '%s\n' '{"id":"x1","title":"Storm","body":"One dead."}' '{"id":"x1","title":"Storm","body":"One dead."}' \
	'{"id":"x1","title":"Storm","body":"Two dead."}' '{"id":"x2","title":"Storm","body":"One dead."}' \
	'{"title":"Calm","body":"None."}' '{"title":"Calm","body":"None."}' '{"title":"Calm","body":"None!"}' \
	'{"url":"http://a.example/x","title":"Link","body":"1"}' '{"url":"http://a.example/x/#top","title":"Link","body":"1"}' \
	>"$tmp/again.jsonl"
rm -rf "$archive"
"$indexer" add "$archive" "$tmp/again.jsonl" 2>"$tmp/stderr"
same 'same identifier and text, same text, same address: there already' 3 "$(sed -n 's/^  already there  *//p' "$tmp/stderr")"
same 'same identifier, other text: the newer one counts, and said so' 1 "$(sed -n 's/^  changed  *\([0-9]*\).*/\1/p' "$tmp/stderr")"
same 'and is the one that is found' 1 "$("$query" -c "$archive" two dead)"
same 'the same text under another identifier is another article' 1 "$("$query" -c "$archive" one dead)"

finish
