#!/bin/sh
# Command lines that cannot be understood, archives that are not there: one sentence, and its exit status.
. tests/lib.sh
make_corpus sealed

# wrong NAME STATUS TEXT COMMAND...: this status, this text on standard error, nothing on standard output.
wrong() {
	text=$3
	name=$1
	wanted=$2
	shift 3
	"$@" >"$tmp/actual" 2>"$tmp/stderr"
	status=$?
	[ "$status" -eq "$wanted" ] && [ ! -s "$tmp/actual" ] && grep -qF -- "$text" "$tmp/stderr"
	report $? "$name"
	[ "$status" -eq "$wanted" ] || echo "# exit status $status, expected $wanted"
	grep -qF -- "$text" "$tmp/stderr" || { echo "# not found: $text"; sed 's/^/# /' "$tmp/stderr"; }
}

# Every refusal says what is wrong and, in the same breath, what to do about it.

wrong 'query alone' 2 "Try 'query --help'" "$query"
wrong 'an archive alone' 2 "nothing to search for; '*' finds every article" "$query" "$corpus"
wrong 'an option that is not there' 2 'query: there is no option --fuzzy' "$query" --fuzzy "$corpus" dam
expect_in 'says where they are listed' "$tmp/stderr" "Try 'query --help'"
wrong 'an option with a slip in it' 2 'there is no option --jsno; did you mean --json?' "$query" --jsno "$corpus" dam
wrong 'and with a value' 2 'there is no option --ofset; did you mean --offset?' "$query" --ofset=3 "$corpus" dam
wrong 'in capitals' 2 'there is no option --JSON; did you mean --json?' "$query" --JSON "$corpus" dam
wrong 'with one dash' 2 'there is no option -j; did you mean --json?' "$query" -json "$corpus" dam
wrong 'an option that can be two' 2 'option --co can be --count and --color; write more of it' "$query" --co "$corpus" dam
wrong 'an option with a value that it does not take' 2 'option --count takes no value' "$query" --count=3 "$corpus" dam
wrong 'a letter that is no option' 2 'query: there is no option -z' "$query" -z "$corpus" dam
wrong 'an option without its value' 2 'query: option -n wants a value after it' "$query" -n
wrong 'a long one without its value' 2 'query: option --limit wants a value after it' "$query" --limit
wrong '-n without a number' 2 "-n wants a number or all, not 'ten'" "$query" -n ten "$corpus" dam
wrong '-n below nothing' 2 '-n wants a number or all' "$query" -n -1 "$corpus" dam
wrong '--offset without a number' 2 '--offset wants a number' "$query" --offset 1x "$corpus" dam
wrong 'an order that is not there' 2 "relevance, newest or oldest, not 'date'" "$query" -s date "$corpus" dam
wrong 'an order with a slip in it' 2 'did you mean relevance?' "$query" -s relevence "$corpus" dam
wrong '--color of what' 2 'auto, always or never' "$query" --color red "$corpus" dam
wrong '--color with a slip in it' 2 'did you mean always?' "$query" --color allways "$corpus" dam
wrong 'k1 below 0' 2 '--k1 wants a number from 0 to 1000' "$query" --k1 -1 "$corpus" dam
wrong 'b above 1' 2 '--b wants a number from 0 to 1' "$query" --b 1.5 "$corpus" dam
wrong 'b that is no number' 2 '--b wants a number' "$query" --b nan "$corpus" dam
wrong 'an explanation of what' 2 '--explain-score wants the number of an article' "$query" --explain-score x "$corpus" dam
wrong 'an explanation of an article that is not there' 1 'there is no article 999; hits have their number after #' \
	"$query" --explain-score 999 "$corpus" dam
for date in 1987-13 1987-02-30 87 .. 1999..1998 someday 1987-1 19870226; do
	wrong "date:$date" 2 "date:$date: not a date; write 1987, 1987-03" "$query" "$corpus" "dam date:$date"
done
wrong 'an operator that cannot mean anything' 2 "w/x: how near? Write w/5" "$query" "$corpus" 'merger w/x block'
same 'and where it stands' '  merger w/x block
         ^~~' "$(sed 1d "$tmp/stderr")"
wrong 'a weight of nothing' 2 "^0: a weight is 0.01 to 100" "$query" "$corpus" 'dam^0'
same 'AND and OR side by side are noted' 'query: note: AND binds tighter than OR: read as (dam strike) OR levy' \
	"$("$query" -c "$corpus" dam strike OR levy 2>&1 >/dev/null)"
"$query" "$corpus" tilte:dam >"$tmp/actual" 2>"$tmp/stderr"
expect_in 'a field with a slip in it is noted' "$tmp/stderr" "note: 'tilte:' is read as a word; did you mean title:?"
"$query" -c "$corpus" time:12 note:dam a:b '"titel:dam"' title:dam >"$tmp/actual" 2>"$tmp/stderr"
same 'a word that is like none, or quoted, is not' '' "$(cat "$tmp/stderr")"

cp -R "$corpus" "$tmp/news.morgue"
wrong 'an archive that is not there' 3 "no such archive; 'indexer add $tmp/nowhere PATH...' makes one" "$query" "$tmp/nowhere" dam
wrong 'an archive with a slip in it' 3 "no such archive; did you mean $tmp/news.morgue?" "$query" "$tmp/nwes.morgue" dam
wrong 'half its name' 3 "did you mean $tmp/news.morgue?" "$query" "$tmp/news" dam
ok 'beside the reader too' sh -c 'cd "$1" && "$2" newss.morgue dam 2>&1 | grep -F "did you mean news.morgue?"' sh "$tmp" "$PWD/$query"
mkdir "$tmp/empty.morgue"
wrong 'a neighbour that is no archive is not named' 3 "makes one" "$query" "$tmp/empt.morgue" dam
wrong 'a command with a slip in it' 3 'shwo: no such archive; did you mean the command show?' "$query" shwo "$corpus" 12
wrong 'a file as archive' 3 "not an archive, which is a directory; name the one that 'indexer add' made" "$query" README.md dam
wrong 'a directory as archive' 3 "it has no catalog.db; name the directory that 'indexer add' made" "$query" corpus dam
wrong 'show without a number' 2 'number of an article, which hits have after #' "$query" show "$corpus"
wrong 'show of what is none' 2 "'x' is not the number of an article" "$query" show "$corpus" x
wrong 'show in no archive' 3 'no such archive' "$query" show "$tmp/nowhere" 1
if [ -w /dev/full ]; then
	"$query" "$corpus" dam >/dev/full 2>"$tmp/stderr"
	same 'a full disk: exit 3' 3 $?
	expect_in 'and said so' "$tmp/stderr" 'cannot write the answer: No space left on device; make room there'
	"$indexer" dump "$corpus" dam >/dev/full 2>"$tmp/stderr"
	same 'a full disk under dump: exit 3' 3 $?
else
	for what in 'a full disk: exit 3' 'and said so' 'a full disk under dump: exit 3'; do
		skip "$what" 'no /dev/full'
	done
fi

# ---- what stands in an archive's way ----

cp -R "$corpus" "$tmp/bad.morgue"
printf x | dd of="$tmp/bad.morgue/00000001.seg" bs=1 seek=40 conv=notrunc 2>"$tmp/dd"
wrong 'a damaged segment' 3 'header: crc' "$query" "$tmp/bad.morgue" dam
expect_in 'can be helped' "$tmp/stderr" "  indexer rebuild $tmp/bad.morgue"
rm "$tmp/bad.morgue/00000001.seg"
wrong 'a segment that is gone' 3 'a segment that the catalog names is not there' "$query" "$tmp/bad.morgue" dam
expect_in 'can be helped too' "$tmp/stderr" "  indexer rebuild $tmp/bad.morgue"
cp "$corpus/00000001.seg" "$tmp/bad.morgue"
printf '\143' | dd of="$tmp/bad.morgue/00000001.seg" bs=1 seek=8 conv=notrunc 2>"$tmp/dd"
wrong 'a segment of another version' 3 'segment format 99, this program reads' "$query" "$tmp/bad.morgue" dam
expect_in 'names what to do' "$tmp/stderr" "  indexer rebuild $tmp/bad.morgue"
head -c 20000 "$corpus/catalog.db" >"$tmp/bad.morgue/catalog.db"
wrong 'a damaged catalog' 3 'catalog.db' "$query" "$tmp/bad.morgue" dam
expect_in 'can be helped' "$tmp/stderr" 'add the original files to a new one'
expect_in 'and says what is left' "$tmp/stderr" "'query show' still"
if command -v flock >"$tmp/which"; then
	holder='process 4711 on host, indexer add, since 2024-05-01 12:00:00 UTC'
	echo "$holder" >"$tmp/news.morgue/lock"
	wrong 'a locked archive' 3 "another indexer is writing to it ($holder); wait until it is done (--wait SECONDS does), or end that process" \
		flock "$tmp/news.morgue/lock" "$indexer" add "$tmp/news.morgue" corpus/text
	echo "$holder" >"$tmp/news.morgue/lock"
	wrong 'one that stays locked' 3 "is writing to it, after 1 seconds still ($holder); wait until" \
		flock "$tmp/news.morgue/lock" "$indexer" optimize --wait 1 "$tmp/news.morgue"
	expect_in 'it is said for whom it waits' "$tmp/stderr" "waiting for another indexer ($holder)"
else
	for what in 'a locked archive' 'one that stays locked' 'it is said for whom it waits'; do
		skip "$what" 'no flock(1)'
	done
fi
wrong 'a time that is none' 2 '--wait wants a number of seconds' "$indexer" optimize --wait soon "$tmp/news.morgue"

wrong 'indexer alone' 2 'name a command: add, update, remove, seal, optimize, verify' "$indexer"
wrong 'a command that is not there' 2 "there is no command 'burn'; there are add" "$indexer" burn "$corpus"
wrong 'a command with a slip in it' 2 "there is no command 'verfiy'; did you mean verify?" "$indexer" verfiy "$corpus"
wrong 'add without an archive' 2 'name an archive and what to add to it: indexer add' "$indexer" add
wrong 'add without a path' 2 'what to add' "$indexer" add "$tmp/x.morgue"
wrong 'an option that is not there' 2 'indexer: there is no option --fast' "$indexer" add --fast "$tmp/x.morgue" corpus
wrong 'an option with a slip in it' 2 'did you mean --format?' "$indexer" add --fromat text "$tmp/x.morgue" corpus
wrong 'an option without its value' 2 'option --lang wants a value after it' "$indexer" add --lang
wrong 'a format that is not there' 2 'There are: text, jsonl, reuters' "$indexer" add -f pdf "$tmp/x.morgue" corpus
wrong 'a format with a slip in it' 2 'there is no --format json; did you mean jsonl?' "$indexer" add -f json "$tmp/x.morgue" corpus
wrong 'a language that is not there' 2 "there is no language 'klingon'" "$indexer" add -l klingon "$tmp/x.morgue" corpus
expect_in 'lists those there are' "$tmp/stderr" 'There are: '
wrong 'a language with a slip in it' 2 "there is no language 'germna'; did you mean german?" "$indexer" add -l germna "$tmp/x.morgue" corpus
wrong 'a field that is not there' 2 'no field "colour"' "$indexer" add -m colour=red "$tmp/x.morgue" corpus
wrong 'a field with a slip in it' 2 'no field "auhtor"; did you mean author?' "$indexer" add -m auhtor=by "$tmp/x.morgue" corpus
wrong 'a field twice' 2 'title is named twice; leave one out' "$indexer" add -m title=a,title=b "$tmp/x.morgue" corpus
wrong 'a map that is none' 2 'is not FIELD=NAME; write title=hed' "$indexer" add -m title "$tmp/x.morgue" corpus
for weight in 0 101 x 1.5 ''; do
	wrong "a headline weight of '$weight'" 2 'a number from 1 to 100' "$indexer" add --headline-weight "$weight" "$tmp/x.morgue" corpus
done
ok 'none of these makes an archive' test ! -e "$tmp/x.morgue"
wrong 'another language than the archive has' 2 'leave --lang out, or name a new archive' "$indexer" add -l de "$corpus" corpus/text
wrong 'another headline weight' 2 'leave --headline-weight out, or name a new archive' "$indexer" add --headline-weight 5 "$corpus" corpus/text
wrong 'a place that is not there' 3 'there is no directory to hold it; make that first' "$indexer" add "$tmp/no/x.morgue" corpus/text
wrong 'a directory of other files' 3 'no archive, but a directory with other files; name a new one' "$indexer" add corpus corpus/text
wrong 'a path that is not there' 1 'No such file or directory; look for a slip in the name' "$indexer" add "$corpus" "$tmp/gone"
wrong 'nothing to read' 0 'nothing is added; name files or directories that hold some' "$indexer" add "$corpus" "$tmp/empty.morgue"
wrong 'verify of nothing' 2 'name one archive: indexer verify' "$indexer" verify
wrong 'verify where there is none' 3 'no such archive' "$indexer" verify "$tmp/nowhere"
wrong 'dump of nothing' 2 'dump: name an archive' "$indexer" dump
wrong '--blocks of what' 2 '--blocks wants a number' "$indexer" dump --blocks x "$corpus" dam

version=$(sed -n 's/^#define MORGUE_VERSION "\(.*\)".*/\1/p' shared/archive/args.h)
formats='catalog-format segment-format analyzer sqlite zstd utf8proc'
for program in "$indexer" "$query"; do
	called=${program##*/}
	"$program" --version >"$tmp/actual"
	same "$called --version names itself first" "$called $version" "$(head -n 1 "$tmp/actual")"
	same 'then the formats and the libraries, a line each' '' "$(sed 1d "$tmp/actual" | grep -vx '[a-z0-9-]* [0-9][0-9A-Za-z.-]*')"
	same 'all of them' "$(echo $formats $([ "$called" = indexer ] && echo jansson zlib))" "$(echo $(sed '1d; s/ .*//' "$tmp/actual"))"
done

expect_in 'docs/OUTPUT.md shows this version' docs/OUTPUT.md "    query $version"

# Messages and help begin with the name that the program was called by, if it is one.
root=$(pwd)
mkdir "$tmp/bin" && ln -s "$root/$query" "$tmp/bin/news-query" && ln -s "$root/$query" "$tmp/bin/$(printf 'q\033[1mx')"
wrong 'the name that it was called by' 2 'news-query: there is no option --nope' "$tmp/bin/news-query" --nope
wrong 'where to find help, by that name' 2 "Try 'news-query --help'" "$tmp/bin/news-query" --nope
"$tmp/bin/news-query" --help >"$tmp/actual"
expect_in 'help by that name' "$tmp/actual" 'usage: news-query [OPTIONS] ARCHIVE'
wrong 'the other program by the name that belongs to it' 3 "'news-indexer add $tmp/nothing PATH...' makes one" \
	"$tmp/bin/news-query" "$tmp/nothing" dam
same 'the version too' news-query "$("$tmp/bin/news-query" --version | sed -n '1s/ .*//p')"
wrong 'a name that would drive the terminal is not repeated' 2 'query: there is no option' "$tmp/bin/$(printf 'q\033[1mx')" --nope

finish
