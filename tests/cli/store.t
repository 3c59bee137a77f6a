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
		same "$archive: one dictionary, and every text is deflated with it" "1 $n" "$(sql "$tmp/$archive.morgue" \
			"SELECT count(*) || ' ' || (SELECT count(*) FROM article WHERE substr(hex(text), 5, 8) =
			 (SELECT printf('%08X', id) FROM dictionary)) FROM dictionary")"
		same "$archive: no page is left free, but those of a tail" '1 ok' "$(sql "$tmp/$archive.morgue" \
			'SELECT freelist_count < 8 FROM pragma_freelist_count; PRAGMA integrity_check' | tr '\n' ' ' | sed 's/ $//')"
	done
	same 'small texts are smaller' 1 "$(sql "$tmp/small.morgue" "ATTACH '$tmp/grown.morgue/catalog.db' AS grown;
		SELECT sum(length(text)) < (SELECT sum(length(text)) FROM grown.article) FROM main.article")"
	same 'fast unless told' fast "$(sql "$tmp/grown.morgue" "SELECT value FROM setting WHERE name = 'store'")"
	same '--store is kept' small "$(sql "$tmp/fast.morgue" "SELECT value FROM setting WHERE name = 'store'")"
	sql "$tmp/small.morgue" "SELECT 'dictionary', hex(bytes) FROM dictionary; SELECT number, hex(text) FROM article WHERE number IN (1, 7, $n)" >"$tmp/hex"
	if perl -MCompress::Raw::Zlib -MJSON::PP -e1 2>"$tmp/stderr"; then
		perl -MCompress::Raw::Zlib -MJSON::PP -e '
			my %got; my $dictionary;
			open my $hex, "<", $ARGV[0] or die;
			while (<$hex>) {
				chomp; my ($what, $bytes) = split /\|/; $bytes = pack "H*", $bytes;
				if ($what eq "dictionary") { $dictionary = $bytes; next }
				my $z = Compress::Raw::Zlib::Inflate->new(-Dictionary => $dictionary);
				$z->inflate($bytes, my $text) == Z_STREAM_END or die; $got{$what} = $text;
			}
			open my $json, "<", $ARGV[1] or die;
			my $same = 0;
			while (<$json>) {
				my $a = decode_json($_); my $n = $a->{id}; next unless defined $got{$n};
				my $body = $a->{body}; utf8::encode($body);
				my (undef, undef, undef, undef, undef, undef, $stored) = split /\0/, $got{$n}, 7;
				$same += $stored eq $body;
			}
			print "$same\n"' "$tmp/hex" "$tmp/small" >"$tmp/same" 2>"$tmp/stderr"
		same 'zlib and the dictionary are all that reading a text takes' 3 "$(cat "$tmp/same" "$tmp/stderr")"
	else
		skip 'zlib and the dictionary are all that reading a text takes' 'no Compress::Raw::Zlib or JSON::PP'
	fi

	# ---- packed ----

	cp -R "$tmp/small.morgue" "$tmp/packed.morgue"
	"$indexer" optimize "$tmp/packed.morgue" 2>"$tmp/stderr"
	same 'optimize packs small texts' 0 $?
	expect_in 'and says so' "$tmp/stderr" 'texts are packed now: '
	all "$tmp/packed.morgue" "$n" >"$tmp/packed"
	ok 'they hold the same articles' cmp "$tmp/small" "$tmp/packed"
	same 'most are pieces of a block' 1 "$(sql "$tmp/packed.morgue" 'SELECT count(piece) > 0.99 * count(*) FROM article')"
	same 'of four' 4 "$(sql "$tmp/packed.morgue" 'SELECT max(piece) FROM article')"
	same 'they are smaller' 1 "$(sql "$tmp/packed.morgue" "ATTACH '$tmp/small.morgue/catalog.db' AS small;
		SELECT sum(length(text)) < 0.97 * (SELECT sum(length(text)) FROM small.article) FROM main.article")"
	same 'the catalog is sound' ok "$(sql "$tmp/packed.morgue" 'PRAGMA integrity_check')"
	"$indexer" optimize "$tmp/packed.morgue" 2>"$tmp/stderr"
	same 'again: nothing is left to pack' 0 "$(grep -c packed.now "$tmp/stderr")"
	add "$tmp/packed.morgue" "$news"
	same 'packed articles are known again' "$n" "$("$query" -c "$tmp/packed.morgue" '*')"
	"$query" -n 40 --json "$tmp/small.morgue" dam >"$tmp/hits"
	"$query" -n 40 --json "$tmp/packed.morgue" dam >"$tmp/packed-hits"
	ok 'hits and snippets are the same' cmp "$tmp/hits" "$tmp/packed-hits"
	sql "$tmp/packed.morgue" 'DELETE FROM article WHERE number = (SELECT number FROM article WHERE piece = 2 LIMIT 1)'
	"$query" show "$tmp/packed.morgue" "$(sql "$tmp/packed.morgue" 'SELECT a.number FROM article a WHERE a.piece = 3 AND NOT EXISTS
		(SELECT 1 FROM article b WHERE b.number = a.number - 1)')" >"$tmp/stdout" 2>"$tmp/stderr"
	same 'a piece without the one before it: 3' 3 $?
	"$indexer" add -q "$tmp/stays.morgue" "$news"
	"$indexer" optimize "$tmp/stays.morgue" 2>"$tmp/stderr"
	same 'fast texts are not packed' 0 "$(sql "$tmp/stays.morgue" 'SELECT count(piece) FROM article')"

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
	bad 'a dictionary too large' 'UPDATE dictionary SET bytes = zeroblob(100000)' 'damaged'
	bad 'an empty dictionary' "UPDATE dictionary SET bytes = x''" 'is damaged'
	bad 'a text that names another dictionary' \
		"UPDATE article SET text = substr(text, 1, 2) || x'00000001' || substr(text, 7) WHERE number = 7" 'wants dictionary 1, which is not there'
	bad 'a text cut short' 'UPDATE article SET text = CAST(substr(text, 1, 40) AS BLOB) WHERE number = 7' 'the text of article 7 is damaged'
	bad 'a text of another size' 'UPDATE article SET size = size + 1 WHERE number = 7' 'the text of article 7 is damaged'
	bad 'a text of an absurd size' 'UPDATE article SET size = 9223372036854775807 WHERE number = 7' 'the text of article 7 is damaged'
	bad 'a text of negative size' 'UPDATE article SET size = -1 WHERE number = 7' 'the text of article 7 is damaged'
	bad 'no stream' "UPDATE article SET text = x'' WHERE number = 7" 'the text of article 7 is damaged'
	bad 'fields that are missing' "UPDATE article SET text = x'789c0b0e0000a50054' WHERE number = 7" 'the text of article 7 is damaged'
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
