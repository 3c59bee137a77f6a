#!/bin/sh
# Files that have not changed are not read again; indexer update looks again where articles came from.
. tests/lib.sh

archive=$tmp/a.morgue
indexer=$PWD/$indexer

row() { sed -n "s/^  $1  *\([0-9,]*\).*/\1/p" "$tmp/stderr"; }
# counts COMMAND...: added, already there, files unchanged; `status` gets the exit status.
counts() {
	"$indexer" "$@" 2>"$tmp/stderr"
	status=$?
	counted="$(row added) $(row 'already there') $(row unchanged)"
	changed=$(row changed)
}
# counted NAME WANTED [STATUS]: of the last command.
counted() { same "$1" "$2 ${3:-0}" "$counted $status"; }
# story FILE URL TITLE: a line into the file.
story() { printf '{"url":"https://example.com/%s","title":"%s","body":"The dam."}\n' "$2" "$3" >>"$1"; }
old() { touch -d "${2:-2020-01-01 00:00:00}" "$1"; }

mkdir -p "$tmp/in/deep"
story "$tmp/in/a.jsonl" a1 'Dam opens'
story "$tmp/in/a.jsonl" a2 'Dam closes'
story "$tmp/in/deep/b.jsonl" b1 'Strike begins'
printf 'A plain text\n\nOf its own.\n' >"$tmp/in/c.txt"
for file in a.jsonl deep/b.jsonl c.txt; do old "$tmp/in/$file"; done

# ---- what is not read again ----

counts add "$archive" "$tmp/in"
counted 'the first time all is read' '4 0 '
counts add "$archive" "$tmp/in"
counted 'the second time nothing is' '0 0 3'
story "$tmp/in/a.jsonl" a3 'Dam breaks'
counts add "$archive" "$tmp/in"
counted 'a file that has grown is read' '1 2 2'
counts add "$archive" "$tmp/in"
counted 'and then no more' '0 0 3'
old "$tmp/in/a.jsonl" '2021-01-01 00:00:00'
counts add "$archive" "$tmp/in"
counted 'another time and the same bytes: unchanged' '0 0 3'
sed -i 's/Dam breaks/Dam closed/' "$tmp/in/a.jsonl"
old "$tmp/in/a.jsonl" '2021-01-01 00:00:00.000000001'
counts add "$archive" "$tmp/in"
counted 'a nanosecond later and other bytes: read' '0 2 2'
same 'and what has changed is changed' 1 "$changed"
counts add --again "$archive" "$tmp/in"
counted '--again: all is read' '0 5 '
counts add "$archive" "$tmp/in/a.jsonl" "$tmp/in/c.txt"
counted 'a file by its own name is the same file' '0 0 2'
counts add -f text "$archive" "$tmp/in/c.txt"
counted 'but not if it is to be read in another way' '0 1 '
counts add -m title=headline "$archive" "$tmp/in/a.jsonl"
counted 'nor with another map' '0 0 '
same 'which finds other headlines' 3 "$changed"
(
	cd "$tmp/in"
	"$indexer" add "$archive" ./../in//deep ../in/c.txt ././deep/. 2>"$tmp/stderr"
)
status=$? counted="$(row added) $(row 'already there') $(row unchanged)"
counted 'relative paths name the same files, however they are written' '0 0 3'
mkdir -p "$tmp/other/deep"
story "$tmp/other/deep/b.jsonl" z1 'Strike begins'
old "$tmp/other/deep/b.jsonl"
(
	cd "$tmp/other"
	"$indexer" add "$archive" deep 2>"$tmp/stderr"
)
status=$? counted="$(row added) $(row 'already there') $(row unchanged)"
counted 'one of the same name, size and time elsewhere is another' '1 0 '
same 'standard input is always read' '0 3 |0 3 ' "$(for i in 1 2; do
	counts add "$archive" - <"$tmp/in/a.jsonl"
	printf '%s' "$counted"
	[ $i -eq 2 ] || printf '|'
done)"

# ---- a change in the same tick of the clock ----

story "$tmp/in/young.jsonl" y1 'Strike ends.'
old "$tmp/in/young.jsonl" '2099-01-01 00:00:00' # as if it had been changed after it was read, too
counts add "$archive" "$tmp/in/young.jsonl"
counts add "$archive" "$tmp/in/young.jsonl"
counted 'a young file: its bytes are looked at' '0 0 1'
sed -i 's/y1/y2/' "$tmp/in/young.jsonl"
old "$tmp/in/young.jsonl" '2099-01-01 00:00:00'
counts add "$archive" "$tmp/in/young.jsonl"
counted 'so a change of the same size and time is seen' '1 0 '
old "$tmp/in/young.jsonl"
counts add "$archive" "$tmp/in/young.jsonl"
sed -i 's/y2/y3/' "$tmp/in/young.jsonl"
old "$tmp/in/young.jsonl"
counts add "$archive" "$tmp/in/young.jsonl"
counted 'in an old one it is not' '0 0 1'
counts add --again "$archive" "$tmp/in/young.jsonl"
counted 'unless it is asked for' '1 0 '

# ---- what was not whole ----

story "$tmp/in/broken.jsonl" k1 'Levy proposed'
echo '{"title": "torn' >>"$tmp/in/broken.jsonl"
old "$tmp/in/broken.jsonl"
counts add "$archive" "$tmp/in/broken.jsonl"
counted 'something is rejected' '1 0 ' 1
counts add "$archive" "$tmp/in/broken.jsonl"
counted 'and again: the file is read until it is whole' '0 1 ' 1
printf '%s\n' "$(head -n 1 "$tmp/in/broken.jsonl")" >"$tmp/mended"
mv "$tmp/mended" "$tmp/in/broken.jsonl"
counts add "$archive" "$tmp/in/broken.jsonl"
counted 'mended' '0 1 '
counts add "$archive" "$tmp/in/broken.jsonl"
counted 'it is not read again' '0 0 1'
: >"$tmp/in/empty.jsonl"
counts add "$archive" "$tmp/in/empty.jsonl"
counts add "$archive" "$tmp/in/empty.jsonl"
counted 'an empty file is rejected each time' '0 0 ' 1
rm "$tmp/in/empty.jsonl"

gzip -c "$tmp/in/a.jsonl" >"$tmp/in/a.jsonl.gz"
printf 'more' >>"$tmp/in/a.jsonl.gz" # what follows a gzip stream is ignored
old "$tmp/in/a.jsonl.gz"
counts add "$archive" "$tmp/in/a.jsonl.gz"
old "$tmp/in/a.jsonl.gz" '2021-01-01 00:00:00'
counts add "$archive" "$tmp/in/a.jsonl.gz"
counted 'a compressed file with a tail is hashed to its end' '0 0 1'

mkfifo "$tmp/fifo"
story "$tmp/line" f1 'From a pipe'
for i in 1 2; do
	cat "$tmp/line" >"$tmp/fifo" &
	counts add "$archive" "$tmp/fifo"
	wait
done
counted 'a pipe is always read' '0 1 '

# ---- update ----

rm -rf "$archive" "$tmp/in/young.jsonl" "$tmp/in/broken.jsonl" "$tmp/in/a.jsonl.gz"
counts update "$archive"
same 'update: no archive' ' 3' "$(row added) $status"
ok 'and none is made' test ! -e "$archive"
(
	cd "$tmp"
	"$indexer" add -q a.morgue in ./other/deep/b.jsonl
	"$indexer" add -q -m title=hed a.morgue other
)
counts add -q "$archive" - "$tmp/fifo" <"$tmp/line" &
cat "$tmp/line" >"$tmp/fifo"
wait
counts update "$archive"
counted 'nothing is new' '0 0 4'
printf '{"hed":"Levy passed","url":"https://example.com/levy","body":"By one vote."}\n' >"$tmp/other/c.jsonl"
story "$tmp/in/deep/d.jsonl" d1 'Levy repealed'
counts update "$archive"
counted 'new files, wherever it runs' '2 0 4'
same 'are called as their directory was' 'in/deep/d.jsonl other/c.jsonl' \
	"$("$query" --json "$archive" levy | sed -n 's/^{"type":"hit".*"path":"\([^"]*\)".*/\1/p' | sort | tr '\n' ' ' | sed 's/ $//')"
same 'and read as it was' 1 "$("$query" -c "$archive" 'title:passed')"
counts add -q "$archive" "$tmp/other"
story "$tmp/other/e.jsonl" e1 'Levy returns'
counts update "$archive"
same 'the options given last count' 1 "$("$query" -c "$archive" 'title:returns')"

mv "$archive" "$tmp/moved.morgue"
archive=$tmp/moved.morgue
story "$tmp/in/a.jsonl" a9 'Dam rebuilt'
counts update "$archive"
counted 'an archive that has moved knows its places' '1 3 6'
mv "$tmp/other" "$tmp/gone"
story "$tmp/in/a.jsonl" a10 'Dam praised'
counts update "$archive"
counted 'a place that is gone hinders no other' '1 4 3' 1
expect_in 'and is named' "$tmp/stderr" "rejected: $tmp/other: it is gone; articles that came from it stay"
same 'its articles stay' 1 "$("$query" -c "$archive" 'title:passed')"
counts update --errors "$tmp/errors.jsonl" "$archive"
same 'in the collected lines, too' 2 "$(grep -c '"type":"rejected".*it is gone' "$tmp/errors.jsonl")"
counts update --forget "$archive"
counted '--forget' '0 0 4'
expect_in 'says what it has forgotten' "$tmp/stderr" "note: $tmp/other: it is gone, and forgotten"
counts update "$archive"
counted 'it is named no more' '0 0 4'
counts add "$archive" "$tmp/gone"
counted 'the same files elsewhere are read, and known' '0 3 '

expect_status 'update takes no paths' 2 "$indexer" update "$archive" "$tmp/in"
expect_status 'and no format' 2 "$indexer" update -f text "$archive"
"$indexer" add -q "$tmp/file.morgue" "$tmp/line"
expect_status '--errors is none of the files to read' 2 "$indexer" update --errors "$tmp/in/../line" "$tmp/file.morgue"
ok 'and such a file stays as it is' test -s "$tmp/line"
"$indexer" add -q "$tmp/pipe.morgue" - <"$tmp/line"
expect_status 'an archive that was fed by a pipe' 0 "$indexer" update "$tmp/pipe.morgue"
expect_in 'is told so' "$tmp/stderr" 'no path was ever added'

finish
