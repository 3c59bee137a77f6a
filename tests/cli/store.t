#!/bin/sh
# How texts are stored: dictionaries, --store, and catalogs whose texts are damaged.
. tests/lib.sh

generate=$BUILD/bin/generate
news=$tmp/news.jsonl
"$generate" --duplicates 0 --undated 5 --furniture 20 --words 150 1500 >"$news"
head -n 100 "$news" >"$tmp/few.jsonl"

add() { "$indexer" add -q "$@" 2>"$tmp/stderr"; }
all() { "$query" show --json "$1" $(seq 1 "$2") | sed 's/"path":"[^"]*",//'; }
sql() { sqlite3 "$1/catalog.db" "$2"; }


add --store fast "$tmp/fast.morgue" "$news"
add --store small "$tmp/small.morgue" "$news"
add "$tmp/grown.morgue" "$tmp/few.jsonl"
all "$tmp/grown.morgue" 100 >"$tmp/before"
add "$tmp/grown.morgue" "$news"
n=$("$query" -c "$tmp/fast.morgue" '*')
same 'the made-up articles are there' yes "$([ "$n" -gt 1400 ] && echo yes)"

# ---- the same articles, however they are stored ----

all "$tmp/fast.morgue" "$n" >"$tmp/fast"
all "$tmp/small.morgue" "$n" >"$tmp/small"
all "$tmp/grown.morgue" "$n" >"$tmp/grown"
ok 'fast and small hold the same articles' cmp "$tmp/fast" "$tmp/small"
ok 'one that grew into its dictionary does, too' cmp "$tmp/fast" "$tmp/grown"
head -n 100 "$tmp/grown" >"$tmp/after"
ok 'and has its first ones under their numbers' cmp "$tmp/before" "$tmp/after"
add --store small "$tmp/fast.morgue" "$news"
same 'they are known again' "$n" "$("$query" -c "$tmp/fast.morgue" '*')"

# ---- what the catalog holds ----

if command -v sqlite3 >"$tmp/which"; then
	add "$tmp/few.morgue" "$tmp/few.jsonl"
	same 'a small archive has no dictionary' 0 "$(sql "$tmp/few.morgue" 'SELECT count(*) FROM dictionary')"
	for archive in fast small grown; do
		same "$archive: one dictionary, and every text is compressed with it" "1 $n" "$(sql "$tmp/$archive.morgue" \
			"SELECT count(*) || ' ' || (SELECT count(*) FROM article, dictionary WHERE substr(text, 6, 4) = substr(bytes, 5, 4))
			 FROM dictionary")"
		same "$archive: no page is left free, but those of a tail" '1 ok' "$(sql "$tmp/$archive.morgue" \
			'SELECT freelist_count < 8 FROM pragma_freelist_count; PRAGMA integrity_check' | tr '\n' ' ' | sed 's/ $//')"
	done
	same 'small texts are smaller' 1 "$(sql "$tmp/small.morgue" "ATTACH '$tmp/grown.morgue/catalog.db' AS grown;
		SELECT sum(length(text)) < (SELECT sum(length(text)) FROM grown.article) FROM main.article")"
	same 'fast unless told' fast "$(sql "$tmp/grown.morgue" "SELECT value FROM setting WHERE name = 'store'")"
	same '--store is kept' small "$(sql "$tmp/fast.morgue" "SELECT value FROM setting WHERE name = 'store'")"
	what='zstd and the dictionary are all that reading a text takes'
	if command -v zstd >"$tmp/which" && perl -MJSON::PP -e1 2>"$tmp/stderr" &&
		[ "$(sqlite3 :memory: "SELECT writefile('$tmp/x', 'x')" 2>/dev/null)" = 1 ]; then
		sql "$tmp/small.morgue" "SELECT writefile('$tmp/dictionary', bytes) FROM dictionary;
			SELECT writefile('$tmp/frame', text) FROM article WHERE number = 7" >"$tmp/written"
		zstd -dcqq -D "$tmp/dictionary" <"$tmp/frame" | tr '\000' '\n' | tail -n +7 >"$tmp/body"
		"$query" show --json "$tmp/small.morgue" 7 |
			perl -MJSON::PP -ne '$b = decode_json($_)->{body}; utf8::encode($b); print $b' >"$tmp/shown"
		ok "$what" cmp "$tmp/body" "$tmp/shown"
	else
		skip "$what" 'no zstd or JSON::PP, or no sqlite3 that writes files'
	fi
	add -j 1 --store small "$tmp/one.morgue" "$news"
	same 'the same articles make the same frames' "$(sql "$tmp/small.morgue" 'SELECT hex(text) FROM article ORDER BY number' | cksum)" \
		"$(sql "$tmp/one.morgue" 'SELECT hex(text) FROM article ORDER BY number' | cksum)"

	# ---- damage ----

	fresh() {
		rm -rf "$tmp/bad.morgue"
		cp -R "$tmp/small.morgue" "$tmp/bad.morgue"
	}
	# bad NAME SQL SENTENCE: after SQL neither program takes the archive for sound.
	bad() {
		fresh
		sql "$tmp/bad.morgue" "$2"
		"$query" show "$tmp/bad.morgue" 7 >"$tmp/stdout" 2>"$tmp/stderr"
		same "$1: show ends with 3" 3 $?
		expect_in "$1: and says so" "$tmp/stderr" "$3"
		"$query" -n 5000 "$tmp/bad.morgue" '*' >"$tmp/stdout" 2>"$tmp/stderr"
		same "$1: so does a search" 3 $?
		"$indexer" add -q --again "$tmp/bad.morgue" "$news" 2>"$tmp/stderr"
		same "$1: and what would have to compare with it" 3 $?
		expect_in "$1: with the same sentence" "$tmp/stderr" "$3"
	}
	bad 'no dictionary' 'DELETE FROM dictionary' 'which is not there'
	bad 'another dictionary' "UPDATE dictionary SET bytes = 'something else'" 'is damaged'
	bad 'a dictionary too large' 'UPDATE dictionary SET bytes = zeroblob(2000000)' 'damaged'
	bad 'an empty dictionary' "UPDATE dictionary SET bytes = x''" 'is damaged'
	bad 'a text that names another dictionary' \
		"UPDATE article SET text = CAST(substr(text, 1, 5) || x'01000000' || substr(text, 10) AS BLOB) WHERE number = 7" 'wants dictionary 1, which is not there'
	bad 'a text cut short' 'UPDATE article SET text = CAST(substr(text, 1, 40) AS BLOB) WHERE number = 7' 'the text of article 7 is damaged'
	bad 'a text of another size' 'UPDATE article SET size = size + 1 WHERE number = 7' 'the text of article 7 is damaged'
	bad 'a text of an absurd size' 'UPDATE article SET size = 9223372036854775807 WHERE number = 7' 'the text of article 7 is damaged'
	bad 'a text of negative size' 'UPDATE article SET size = -1 WHERE number = 7' 'the text of article 7 is damaged'
	bad 'no frame' "UPDATE article SET text = x'' WHERE number = 7" 'the text of article 7 is damaged'
	bad 'fields that are missing' "UPDATE article SET size = 9, text = x'28b52ffd24094900006e6f206669656c647366bc16d4' WHERE number = 7" 'the text of article 7 is damaged'
	fresh
	sql "$tmp/bad.morgue" "UPDATE setting SET value = 'huge' WHERE name = 'store'"
	"$query" "$tmp/bad.morgue" dam >"$tmp/stdout" 2>"$tmp/stderr"
	same 'an unknown way to store: 3' 3 $?
	expect_in 'and says so' "$tmp/stderr" "the setting 'store' is neither fast nor small"
else
	skip 'what the catalog holds, and damage' 'no sqlite3'
fi

# ---- the option ----

"$indexer" add --store tiny "$tmp/none.morgue" corpus/text 2>"$tmp/stderr"
same 'another word is a mistake' 2 $?
expect_in 'and says so' "$tmp/stderr" "add: --store wants fast or small, not 'tiny'"
ok 'and makes no archive' test ! -e "$tmp/none.morgue"

finish
