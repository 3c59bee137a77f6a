#!/bin/sh
# What README.md says: its five minutes print today what they show there, and every file
# and page that it and the other pages name is there.
. tests/lib.sh

ok 'the five minutes print what is shown' tests/tour "$BUILD/bin"
commands=$(sed -n 's/^\([0-9]*\) commands, each prints .*/\1/p' "$tmp/ok.out")
ok 'they are more than a few' test "${commands:-0}" -gt 10

# wrong NAME SED TEXT: the page changed so is told apart, with the line, and mended to be as it was.
wrong() {
	sed "$2" README.md >"$tmp/page.md"
	tests/tour "$BUILD/bin" "$tmp/page.md" >"$tmp/actual"
	same "$1: noticed" 1 $?
	ok "$1: shown" grep -qxF -- "$3" "$tmp/actual"
	ok "$1: mended" tests/tour "$BUILD/bin" --update "$tmp/page.md"
	ok "$1: as it was" cmp README.md "$tmp/page.md"
}
wrong 'a line that is wrong' 's/^1-2 of 3 articles$/1-2 of 4 articles/' '-1-2 of 4 articles'
wrong 'a line that is missing' '/^  already there/d' '+  already there             1'
wrong 'a line too much' 's/^1-2 of 3 articles$/&\nand more/' '-and more'
sed 's/^\$ query -c/$ qeury -c/' README.md >"$tmp/page.md"
cp "$tmp/page.md" "$tmp/before.md"
tests/tour "$BUILD/bin" --update "$tmp/page.md" >"$tmp/actual" 2>&1
same 'a command that is not there is no output to show' 1 $(($? != 0))
ok 'and the page is left alone' cmp "$tmp/before.md" "$tmp/page.md"

# ---- what is named is there ----

# missing PAGE: the links and the `paths` of a page that lead to nothing.
missing() {
	below=$(dirname "$1")
	grep -oE '\]\([^)#]+' "$1" | sed 's/^](//' | grep -v '^https\{0,1\}:' | while read -r name; do
		[ -e "$below/$name" ] || echo "$name"
	done
	grep -oE '`(corpus|docs|indexer|query|shared|tests)/[^` ]*`' "$1" | tr -d '`' | while read -r name; do
		[ -e "$name" ] || echo "$name"
	done
}
for page in README.md docs/*.md corpus/README.md; do
	same "$page: every file that it names is there" '' "$(missing "$page")"
done
printf 'See [it](gone.md) and `query/gone.h`, `query/parse/parse.h`.\n' >"$tmp/page.md"
same 'one that is gone would be noticed' 'gone.md query/gone.h' "$(missing "$tmp/page.md" | xargs)"
for folder in indexer query shared corpus tests; do
	find $folder -name '*.[cht]' | sed 's,/[^/]*$,/,' | sort -u
done >"$tmp/folders"
same 'the code tour passes through every folder' '' "$(while read -r folder; do
	case $folder in tests/lib/) continue ;; esac # what the tests stand on
	grep -qF -- "$folder" README.md || echo "$folder"
done <"$tmp/folders")"

# ---- docs/OUTPUT.md: --version ----

sed -n '/^    query [0-9]/,/^$/s/^    //p' docs/OUTPUT.md | sed 's/^\(sqlite\|zstd\|utf8proc\) .*/\1/' >"$tmp/shown"
"$query" --version | sed 's/^\(sqlite\|zstd\|utf8proc\) .*/\1/' >"$tmp/actual"
ok 'OUTPUT.md shows the versions of today' diff "$tmp/shown" "$tmp/actual"
finish
