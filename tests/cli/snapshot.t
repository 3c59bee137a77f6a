#!/bin/sh
# A snapshot is the archive as one commit left it, whatever a writer does meanwhile; and all of it or none.
. tests/lib.sh

archive=$tmp/a.morgue
copy=$tmp/b.morgue
"$indexer" add -q "$archive" corpus/text corpus/jsonl 2>"$tmp/stderr"
"$indexer" seal -q "$archive"
"$indexer" add -q "$archive" corpus/reuters 2>"$tmp/stderr"

# answers ARCHIVE: a few questions, all that is printed.
answers() {
	for question in dam strike '"interest rates"' 'resign*' title:dam '=Gates' '*'; do
		"$query" --json -n 100 "$1" "$question"
	done
}
answers "$archive" >"$tmp/right"

ok 'snapshot' "$indexer" snapshot "$archive" "$copy"
sed 's/[0-9.]* MB/N MB/' "$tmp/ok.out" >"$tmp/line"
same 'says what it did' "$archive: copied to $copy: 43 articles, N MB; 1 of 1 segment linked, not copied" "$(cat "$tmp/line")"
same 'it holds catalog and segments' '00000001.seg catalog.db ' "$(ls -A "$copy" | tr '\n' ' ')"
ok 'it is sound' "$indexer" verify --deep "$copy"
answers "$copy" >"$tmp/actual"
ok 'and answers as the archive does' cmp "$tmp/right" "$tmp/actual"
same 'segments are the same files' "$(ls -i "$archive"/*.seg | sed 's/ .*//')" "$(ls -i "$copy"/*.seg | sed 's/ .*//')"
"$indexer" optimize -q "$archive" && "$indexer" add -q "$archive" tests/golden 2>"$tmp/stderr"
answers "$copy" >"$tmp/actual"
ok 'the archive goes on, the copy stays' cmp "$tmp/right" "$tmp/actual"
"$indexer" optimize -q "$copy"
ok 'the copy goes on, the archive stays' "$indexer" verify --deep "$archive"
ok 'and so does the copy' "$indexer" verify --deep "$copy"

expect_status 'what is there already is not touched: exit 2' 2 "$indexer" snapshot "$archive" "$copy"
expect_in 'which is said' "$tmp/stderr" "$copy is there already; name a new one"
: >"$tmp/file"
expect_status 'nor is a file' 2 "$indexer" snapshot "$archive" "$tmp/file"
ln -s nowhere "$tmp/link"
expect_status 'nor a link that leads nowhere' 2 "$indexer" snapshot "$archive" "$tmp/link"
expect_status 'no folder to hold it: exit 3' 3 "$indexer" snapshot "$archive" "$tmp/none/c.morgue"
expect_in 'which is said' "$tmp/stderr" "$tmp/none/c.morgue"
expect_status 'without a name for it: usage' 2 "$indexer" snapshot "$archive"
expect_in 'with an example' "$tmp/stderr" 'indexer snapshot news.morgue backup.morgue'
expect_status 'of an archive that is not there: exit 3' 3 "$indexer" snapshot "$tmp/no.morgue" "$tmp/c.morgue"
ok 'with a slash at its end, named by MORGUE, quietly' env MORGUE="$archive" "$indexer" snapshot -q "$tmp/c.morgue/"
same '-q: not a word' '' "$(cat "$tmp/ok.out")"
ok 'it is there' "$query" -c "$tmp/c.morgue" dam
same 'nothing else is' '' "$(ls "$tmp" | grep 'tmp-')"

# ---- where there are no links ----

# other_disk FILE: a folder of another file system than the file's.
for other in /dev/shm /tmp /var/tmp "$HOME"; do
	[ -w "$other" ] && [ "$(df -P "$other" | tail -n 1 | cut -d ' ' -f 1)" != "$(df -P "$tmp" | tail -n 1 | cut -d ' ' -f 1)" ] && break
	other=
done
if [ -n "$other" ]; then
	away=$(mktemp -d "$other/morgue-test.XXXXXX")
	trap 'rm -rf "$tmp" "$away"' EXIT
	ok 'to another file system' "$indexer" snapshot "$archive" "$away/d.morgue"
	expect_in 'nothing is linked' "$tmp/ok.out" '; 0 of '
	ok 'it is sound' "$indexer" verify --deep "$away/d.morgue"
else
	for what in 'to another file system' 'nothing is linked' 'it is sound'; do skip "$what" 'one file system only'; done
fi

# ---- while others write ----

busy=$tmp/busy.morgue
"$indexer" add -q "$busy" corpus/text 2>"$tmp/stderr"
least=$("$query" -c "$busy" '*')
: >"$tmp/copies"
(n=0; while [ ! -e "$tmp/written" ]; do
	n=$((n + 1))
	"$indexer" snapshot -q "$busy" "$tmp/busy.$n" && "$indexer" verify -q --deep "$tmp/busy.$n" && "$query" -c "$tmp/busy.$n" '*'
	rm -rf "$tmp/busy.$n"
done >"$tmp/copies" 2>&1) &
n=0
while [ "$n" -lt 12 ]; do
	n=$((n + 1))
	printf 'Late %s\n\nA late article, %s.\n' "$n" "$n" >"$tmp/n.txt"
	"$indexer" add -q "$busy" "$tmp/n.txt" && "$indexer" optimize -q "$busy" || echo failed
done >"$tmp/writes" 2>&1
: >"$tmp/written"
wait
same 'who writes is not hindered by who copies' '' "$(cat "$tmp/writes")"
ok 'each copy is sound, and of a commit not before the last' awk -v least="$least" -v most=$((least + 12)) '
	!/^[0-9]+$/ || $1 < least || $1 > most || $1 < before { bad = 1; print } { before = $1 } END { exit bad || !NR }' "$tmp/copies"

finish
