#!/bin/sh
# What makes two articles the same: id, canonical URL, text.
. tests/lib.sh

archive=$tmp/a.morgue

# add LINE...: JSON lines into $archive; the row of counts: added, already there.
add() {
	printf '%s\n' "$@" | "$indexer" add "$archive" - 2>"$tmp/stderr"
	sed -n 's/^  added  *\([0-9]*\).*/\1/p; s/^  already there  *\([0-9]*\).*/\1/p' "$tmp/stderr" | tr '\n' ' ' | sed 's/ $//'
}

fresh() { rm -rf "$archive"; }

# story ID SOURCE URL TITLE: a line; what is empty is left out.
story() {
	printf '{"id":"%s","source":"%s","url":"%s","title":"%s","body":"The dam at Tarn Edge."}\n' "$@"
}

# ---- URLs ----

same 'a story by many addresses is one' '1 4' "$(add \
	"$(story '' '' 'https://www.example.com/2019/03/dam/' Dam)" \
	"$(story '' '' 'http://example.com/2019/03/dam?utm_source=rss&fbclid=1' Dam)" \
	"$(story '' '' 'https://amp.example.com/2019/03/dam#top' Dam)" \
	"$(story '' '' 'https://m.example.com:443/2019/03/dam/amp' Dam)" \
	"$(story '' '' '//EXAMPLE.com/2019/03/dam?amp=1' Dam)")"
fresh
same 'what may tell stories apart does' '6 0' "$(add \
	"$(story '' '' 'https://example.com/show?id=1' Dam)" \
	"$(story '' '' 'https://example.com/show?id=2' Dam)" \
	"$(story '' '' 'https://example.com/show?id=2&page=2' Dam)" \
	"$(story '' '' 'https://news.example.com/show?id=1' Dam)" \
	"$(story '' '' 'https://example.com/Show?id=1' Dam)" \
	"$(story '' '' 'https://example.com/show/?id=1&ref=17' Dam)")"
fresh
same 'the front page is no address of a story: the text decides' '2 1' "$(add \
	"$(story '' '' 'https://example.com/' Dam)" \
	"$(story '' '' 'https://example.com' 'Another dam')" \
	"$(story '' '' 'https://example.com/?utm_source=rss' Dam)")"

# ---- ids ----

fresh
same 'an id counts within its source' '2 1' "$(add \
	"$(story 17 'Valley Post' '' Dam)" "$(story 17 'Harbour Courier' '' Dam)" "$(story 17 'Valley Post' 'https://example.com/x' Dam)")"
fresh
same 'without a source within its site' '2 1' "$(add \
	"$(story 17 '' 'https://www.example.com/a' Dam)" "$(story 17 '' 'https://example.org/a' Dam)" \
	"$(story 17 '' 'http://example.com/b' Dam)")"
fresh
add "$(story 1 '' '' 'Dam breaks')" "$(story 2 '' '' 'Dam holds')" >"$tmp/first"
same 'with neither headline or date must bear it out: collections that all begin at 1 stay apart' '2 1' "$(add \
	"$(story 1 '' '' 'Strike begins')" "$(story 2 '' '' '')" "$(story 1 '' '' 'Dam breaks')")"
fresh
same 'ids win over URLs' '2 1' "$(add \
	"$(story 17 'Valley Post' 'https://example.com/dam' Dam)" "$(story 18 'Valley Post' 'https://example.com/dam' Dam)" \
	"$(story 18 'Valley Post' 'https://example.com/dam-2' Dam)")"

# ---- text ----

fresh
same 'without id and URL the text decides' '3 1' "$(add \
	"$(story '' '' '' Dam)" "$(story '' 'Valley Post' '' Dam)" "$(story '' '' '' 'Another dam')" "$(story '' '' '' Dam)")"

# ---- what they are found by is made anew, too ----

fresh
set -- "$(story '' '' 'https://example.com/2019/dam' Dam)" "$(story 17 'Valley Post' '' Levy)" "$(story 18 '' 'https://example.com/x' Strike)" \
	"$(story 19 '' '' Ferry)" "$(story '' '' '' Choir)"
changed=$(story 17 'Valley Post' '' 'Levy passed')
add "$@" "$changed" >"$tmp/first"
if command -v sqlite3 >"$tmp/which"; then
	sqlite3 "$archive/catalog.db" 'SELECT * FROM identity' >"$tmp/before"
	sqlite3 "$archive/catalog.db" 'DELETE FROM identity; INSERT INTO identity VALUES (1, 1), (2, 3)'
	same 'an archive that has lost it adds all again' '5 0' "$(add "$@" "$changed")"
	fresh
	add "$@" "$changed" >"$tmp/first"
	sqlite3 "$archive/catalog.db" 'DELETE FROM identity; INSERT INTO identity VALUES (1, 1), (2, 3)'
	ok 'rebuilt' "$indexer" rebuild -q "$archive"
	sqlite3 "$archive/catalog.db" 'SELECT * FROM identity' >"$tmp/after"
	ok 'it has all of it' cmp "$tmp/before" "$tmp/after"
	same 'and knows all articles, older texts too' '0 6' "$(add "$@" "$changed")"
else
	for what in 'an archive that has lost it adds all again' 'rebuilt' 'it has all of it' 'and knows all articles, older texts too'; do
		skip "$what" 'no sqlite3'
	done
fi

finish
