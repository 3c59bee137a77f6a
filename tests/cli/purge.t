#!/bin/sh
# `optimize --purge`: of what was removed no file holds a byte, whatever it was part of.
. tests/lib.sh

archive=$tmp/a.morgue

# in_files WORD: is it in any of the archive's files, as it stands there?
in_files() {
	LC_ALL=C grep -rqaF -- "$1" "$archive"
}

# in_dictionary WORD: is it in the dictionary that texts are compressed with? A copy is left in $tmp/dictionary.
in_dictionary() {
	sqlite3 "$archive/catalog.db" 'SELECT writefile('"'$tmp/dictionary'"', bytes) FROM dictionary' >"$tmp/written"
	LC_ALL=C grep -qaF -- "$1" "$tmp/dictionary"
}

purge() {
	ok "$1" "$indexer" optimize --purge "$archive"
	expect_in 'it says what it has done' "$tmp/ok.out" "$archive: what was removed is in none of its files"
	ok 'no log is left' test ! -s "$archive/catalog.db-wal"
	ok 'the archive is sound' "$indexer" verify --deep "$archive"
}

# ---- a title, a word, a text that zstd cannot make much smaller ----

secret=Xq7vKp2mWzRt9LbY
head -c 3000 /dev/urandom | od -An -tx1 -v | tr -d ' \n' | fold -w 32 | head -n 90 >"$tmp/noise"
noise=$(sed -n 40p "$tmp/noise")
{ printf 'The %s affair\n\n%s was seen.\n\n' "$secret" "$secret"; cat "$tmp/noise"; } >"$tmp/secret.txt"
"$indexer" add -q "$archive" corpus/text
"$indexer" add -q "$archive" "$tmp/secret.txt"
"$indexer" add -q "$archive" corpus/jsonl 2>"$tmp/stderr"
"$indexer" seal -q "$archive"
same 'its words are found' 1 "$("$query" -c "$archive" "$secret")"
ok 'its title is in a file' in_files "$secret"
ok 'its word is in the index, but for letters that it shares' in_files "$(echo $secret | tr A-Z a-z | cut -c 5-14)"
before=$("$query" -c "$archive" '*')
"$indexer" remove -q --query "$secret" "$archive"
same 'removed, no question finds it' 0 "$("$query" -c "$archive" "$secret")"
ok 'its title is in no file' sh -c '! grep -qaF "$1" "$2"/catalog.db*' - "$secret" "$archive"
purge 'purge'
ok 'its title is in no file, as it stands' sh -c '! grep -rqaF "$1" "$2"' - "$secret" "$archive"
ok 'nor its word' sh -c '! grep -rqaiF "$1" "$2"' - "$secret" "$archive"
ok 'nor a word of its text' sh -c '! grep -rqaF "$1" "$2"' - "$noise" "$archive"
ok 'nor the end of it' sh -c '! grep -rqaiF "$1" "$2"' - "$(echo $secret | cut -c 5-14)" "$archive"
same 'the others are there' "$((before - 1))" "$("$query" -c "$archive" '*')"
ok 'and purge has nothing more to do' "$indexer" optimize --purge "$archive"
expect_in 'in the index' "$tmp/ok.out" 'the index is one segment already'

# ---- one that was in no segment yet ----

"$indexer" add -q "$archive" "$tmp/secret.txt"
same 'again: found' 1 "$("$query" -c "$archive" "$secret")"
ok 'in the catalog alone' sh -c '! grep -qaiF "$1" "$2"/*.seg' - "$(echo $secret | cut -c 5-14)" "$archive"
"$indexer" remove -q --query "$secret" "$archive"
ok 'removed, it is in no file' sh -c '! grep -rqaiF "$1" "$2"' - "$(echo $secret | cut -c 5-14)" "$archive"
purge 'purge'

# ---- a dictionary that was trained on it ----

if command -v sqlite3 >"$tmp/which" && [ "$(sqlite3 :memory: "SELECT writefile('$tmp/x', 'x')" 2>/dev/null)" = 1 ]; then
	for store in fast small; do
		rm -rf "$archive"
		phrase='zebrafinch quokka marsupial parliament of owls'
		"$BUILD/bin/generate" -o "$tmp/news.jsonl" 900
		n=0
		while [ "$n" -lt 60 ]; do
			n=$((n + 1))
			printf '{"id":"z%s","title":"Owls %s","body":"The %s sat. The %s sat %s."}\n' $n $n "$phrase" "$phrase" $n
		done >"$tmp/owls.jsonl"
		"$indexer" add -q --store $store "$archive" "$tmp/owls.jsonl" "$tmp/news.jsonl" 2>"$tmp/stderr"
		[ $store = fast ] || "$indexer" optimize -q "$archive"
		ok "$store: the dictionary has a stretch of a text" in_dictionary quokka
		"$indexer" remove -q --query quokka "$archive"
		ok 'removed, it has it still' in_dictionary quokka
		"$query" --json -n all "$archive" strike >"$tmp/before"
		purge "$store: purge"
		ok 'it is another one' sh -c '! grep -qaF quokka "$1"' - "$(in_dictionary quokka; echo "$tmp/dictionary")"
		same 'the only one' 1 "$(sqlite3 "$archive/catalog.db" 'SELECT count(*) FROM dictionary')"
		ok 'no file has the word' sh -c '! grep -rqaiF quokka "$1"' - "$archive"
		"$query" --json -n all "$archive" strike >"$tmp/after"
		ok 'answers are as before' cmp "$tmp/before" "$tmp/after"
	done
	"$query" -l -n all "$archive" '*' | tail -n +5 | "$indexer" remove -q "$archive" -
	purge 'of nearly nothing'
	same 'there is no dictionary' 0 "$(sqlite3 "$archive/catalog.db" 'SELECT count(*) FROM dictionary')"
	same 'the rest is there' 4 "$("$query" -c "$archive" '*')"
else
	skip 'a dictionary that was trained on it' 'there is no sqlite3 that writes files'
fi
finish
