#!/bin/sh
# What is wrong with an archive is told, with the command that cures it; the cure works while others read.
. tests/lib.sh

archive=$tmp/a.morgue
pristine=$tmp/pristine.morgue
"$indexer" add -q "$pristine" corpus/text corpus/jsonl 2>"$tmp/stderr"
"$indexer" seal -q "$pristine"
"$indexer" add -q "$pristine" corpus/reuters 2>"$tmp/stderr"
make_corpus

fresh() {
	rm -rf "$archive"
	cp -R "$pristine" "$archive"
}

# answers ARCHIVE: a few questions, with scores.
answers() {
	for question in dam strike '"interest rates"' 'resign*' title:dam '=Gates' '*'; do
		"$query" --json -n 100 "$1" "$question" | sed 's/"id":[0-9]*,//'
	done
}
answers "$pristine" >"$tmp/right"

# ---- verify ----

ok 'verify --deep of a sound archive' "$indexer" verify --deep "$pristine"
sed 's/[0-9.]* seconds/N seconds/' "$tmp/ok.out" >"$tmp/line"
same 'says so' "$pristine: 43 articles, 1 segment and the tail are sound, the index is what its articles make; N seconds" "$(cat "$tmp/line")"
ok 'with little memory' env MORGUE_TEST_BATCH=1 "$indexer" verify --deep -q "$pristine"
same '-q: not a word' '' "$(cat "$tmp/ok.out")"
same 'nothing is left in the folder for temporary files' '' "$(mkdir "$tmp/tmp" && TMPDIR=$tmp/tmp "$indexer" verify --deep -q "$pristine" && ls -A "$tmp/tmp")"
expect_status 'a folder for temporary files that is not there' 3 env TMPDIR="$tmp/none" "$indexer" verify --deep "$pristine"
expect_in 'which is said' "$tmp/stderr" 'TMPDIR names another'
same 'verify changes nothing' '' "$(ls -A "$pristine" | grep -v '^[0-9]*\.seg$\|^catalog.db$\|^lock$')"

# ---- damage, and the cure it names ----

# cured NAME: the archive is refused with the cure; what it says is run, and all is well.
cured() {
	"$query" "$archive" dam >"$tmp/actual" 2>"$tmp/stderr"
	same "$1: query: exit 3" 3 $?
	same 'no hit is printed' '' "$(cat "$tmp/actual")"
	same 'the cure stands last' "  indexer rebuild $archive" "$(tail -n 1 "$tmp/stderr")"
	"$indexer" verify --deep "$archive" 2>"$tmp/stderr"
	same 'verify: exit 3' 3 $?
	same 'and the cure' "  indexer rebuild $archive" "$(tail -n 1 "$tmp/stderr")"
	ok 'which is run' "$indexer" rebuild "$archive"
	answers "$archive" >"$tmp/actual"
	ok 'and answers are right again' cmp "$tmp/right" "$tmp/actual"
	ok 'all is sound' "$indexer" verify --deep "$archive"
	same 'one segment is left, and nothing else' '1 catalog.db lock ' \
		"$(ls -A "$archive" | sed 's/^[0-9]\{8\}\.seg$/1/' | tr '\n' ' ')"
}

fresh
rm "$archive/00000001.seg"
cured 'a segment that is gone'
sed 's/[0-9.]* MB/N MB/; s/[0-9.]* seconds, [0-9.]* MB/N seconds, N MB/' "$tmp/ok.out" >"$tmp/line"
fresh
head -c 5000 "$pristine/00000001.seg" >"$archive/00000001.seg"
cured 'a segment that was cut short'
fresh
: >"$archive/00000001.seg"
cured 'a segment that is empty'
fresh
printf 'XXXX' | dd of="$archive/00000001.seg" bs=1 seek=9000 conv=notrunc 2>"$tmp/dd"
cured 'bytes that were changed'
fresh
printf '\001' | dd of="$archive/00000001.seg" bs=1 seek=8 conv=notrunc 2>"$tmp/dd"
cured 'a segment of an older format'
fresh
rm "$archive"/*.seg
cured 'no segment at all'
if command -v sqlite3 >"$tmp/which"; then
	fresh
	sqlite3 "$archive/catalog.db" 'UPDATE tail_data SET block = zeroblob(length(block)) WHERE id > 10'
	cured 'a tail whose words are gone'
	fresh
	sqlite3 "$archive/catalog.db" 'DELETE FROM tail_article WHERE article = (SELECT max(article) FROM tail_article)'
	"$indexer" verify --deep "$archive" 2>"$tmp/stderr"
	same 'a tail whose list lacks an article: exit 3' 3 $?
	fresh
	sqlite3 "$archive/catalog.db" 'UPDATE tail_article SET tokens = tokens + 1'
	"$indexer" verify "$archive" 2>"$tmp/stderr"
	same 'a tail whose list says more words: exit 3' 3 $?
	same 'and the cure' "  indexer rebuild $archive" "$(tail -n 1 "$tmp/stderr")"
fi
ok 'an index of one segment is made anew, too' "$indexer" rebuild "$archive"
"$indexer" optimize -q "$pristine"
ok 'it is the optimized one' cmp "$pristine"/*.seg "$archive"/*.seg

awkward="$tmp/it's  here.morgue"
cp -R "$pristine" "$awkward"
rm "$awkward"/*.seg
"$query" "$awkward" dam 2>"$tmp/stderr"
(PATH=$(cd "$BUILD/bin" && pwd):$PATH && eval "$(tail -n 1 "$tmp/stderr")") >"$tmp/actual" 2>&1
same 'the cure of an archive with an awkward name can be pasted' 11 "$("$query" -c "$awkward" dam)"

ok 'rebuild' "$indexer" rebuild "$archive"
sed 's/[0-9.]* MB;/N MB;/; s/[0-9.]* seconds, [0-9.]* MB/N seconds, N MB/' "$tmp/ok.out" >"$tmp/line"
same 'says what it did' "$archive: the index is made anew: 43 articles, 1 segment, N MB; N seconds, N MB/s" "$(cat "$tmp/line")"
ok 'with little memory' env MORGUE_TEST_BATCH=1 "$indexer" rebuild -q "$archive"
same '-q: not a word' '' "$(cat "$tmp/ok.out")"
ok 'the same index' cmp "$pristine"/*.seg "$archive"/*.seg
expect_status 'of one that is not there: exit 3' 3 "$indexer" rebuild "$tmp/b.morgue"
ok 'and none is made' test ! -e "$tmp/b.morgue"
expect_status 'without an archive: usage' 2 "$indexer" rebuild
expect_in 'with an example' "$tmp/stderr" 'rebuild: name one archive: indexer rebuild news.morgue'
: >"$tmp/empty.txt"
"$indexer" add -q "$tmp/none.morgue" "$tmp/empty.txt" 2>"$tmp/stderr"
ok 'of an empty one' "$indexer" rebuild "$tmp/none.morgue"
ok 'which is sound' "$indexer" verify --deep "$tmp/none.morgue"

# ---- a catalog that is damaged is not for rebuild to cure ----

fresh
size=$(wc -c <"$archive/catalog.db")
dd if=/dev/zero of="$archive/catalog.db" bs=1 seek=$((size / 2)) count=30000 conv=notrunc 2>"$tmp/dd"
cp -R "$archive" "$tmp/copy.morgue"
expect_status 'a damaged catalog: verify --deep: exit 3' 3 "$indexer" verify --deep "$archive"
expect_in 'says which file' "$tmp/stderr" "$archive/catalog.db: "
"$indexer" rebuild "$archive" 2>"$tmp/stderr"
case $? in
0) ok 'what rebuild makes of it is sound' "$indexer" verify -q "$archive" ;;
*) ok 'rebuild leaves the index' cmp "$archive"/*.seg "$tmp/copy.morgue"/*.seg ;;
esac

# ---- while others read ----

fresh
: >"$tmp/read"
(while [ ! -e "$tmp/written" ]; do "$query" -c "$archive" dam 2>&1; done >"$tmp/read") &
n=0
while [ "$n" -lt 8 ]; do
	n=$((n + 1))
	"$indexer" rebuild -q "$archive" || echo failed
done >"$tmp/writes" 2>&1
: >"$tmp/written"
wait
same 'who rebuilds is not hindered by those who read' '' "$(cat "$tmp/writes")"
same 'and they see the same archive all the time' 11 "$(sort -u "$tmp/read")"

finish
