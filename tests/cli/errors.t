#!/bin/sh
# Command lines that cannot be understood, archives that are not there: one sentence, and its exit status.
. tests/lib.sh
make_corpus

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

wrong 'query alone' 2 "Try 'query --help'" "$query"
wrong 'an archive alone' 2 'nothing to search for' "$query" "$corpus"
wrong 'an option that is not there' 2 'query: there is no option --fuzzy' "$query" --fuzzy "$corpus" dam
wrong 'a letter that is no option' 2 'query: there is no option -z' "$query" -z "$corpus" dam
wrong 'an option without its value' 2 'query: option -n wants a value' "$query" -n
wrong '-n without a number' 2 '-n wants a number' "$query" -n ten "$corpus" dam
wrong '-n below nothing' 2 '-n wants a number' "$query" -n -1 "$corpus" dam
wrong '--offset without a number' 2 '--offset wants a number' "$query" --offset 1x "$corpus" dam
wrong 'an order that is not there' 2 'relevance, newest or oldest' "$query" -s date "$corpus" dam
wrong '--color of what' 2 'auto, always or never' "$query" --color red "$corpus" dam
wrong 'k1 below 0' 2 '--k1 wants' "$query" --k1 -1 "$corpus" dam
wrong 'b above 1' 2 '--b wants' "$query" --b 1.5 "$corpus" dam
wrong 'b that is no number' 2 '--b wants' "$query" --b nan "$corpus" dam
for date in 1987-13 1987-02-30 87 .. 1999..1998 yesterday 1987-1 19870226; do
	wrong "date:$date" 2 "date:$date: not a date" "$query" "$corpus" "dam date:$date"
done
wrong 'an archive that is not there' 3 'no such archive' "$query" "$tmp/nowhere" dam
wrong 'a file as archive' 3 'not an archive' "$query" README.md dam
wrong 'a directory as archive' 3 'not an archive' "$query" corpus dam
wrong 'show without a number' 2 'number of an article' "$query" show "$corpus"
wrong 'show in no archive' 3 'no such archive' "$query" show "$tmp/nowhere" 1
if [ -w /dev/full ]; then
	"$query" "$corpus" dam >/dev/full 2>"$tmp/stderr"
	same 'a full disk: exit 3' 3 $?
	expect_in 'and said so' "$tmp/stderr" 'cannot write the answer'
else
	skip 'a full disk: exit 3' 'no /dev/full'
	skip 'and said so' 'no /dev/full'
fi

wrong 'indexer alone' 2 'name a command' "$indexer"
wrong 'a command that is not there' 2 "there is no command 'burn'" "$indexer" burn "$corpus"
wrong 'add without an archive' 2 'name an archive' "$indexer" add
wrong 'add without a path' 2 'what to add' "$indexer" add "$tmp/x.morgue"
wrong 'an option that is not there' 2 'indexer: there is no option --fast' "$indexer" add --fast "$tmp/x.morgue" corpus
wrong 'an option without its value' 2 'option -l wants a value' "$indexer" add --lang
wrong 'a format that is not there' 2 'known are text, jsonl and reuters' "$indexer" add -f pdf "$tmp/x.morgue" corpus
wrong 'a language that is not there' 2 "unknown language 'klingon'" "$indexer" add -l klingon "$tmp/x.morgue" corpus
wrong 'a field that is not there' 2 'no field "colour"' "$indexer" add -m colour=red "$tmp/x.morgue" corpus
wrong 'a map that is none' 2 'is not FIELD=NAME' "$indexer" add -m title "$tmp/x.morgue" corpus
for weight in 0 101 x 1.5 ''; do
	wrong "a headline weight of '$weight'" 2 'a number from 1 to 100' "$indexer" add --headline-weight "$weight" "$tmp/x.morgue" corpus
done
ok 'none of these makes an archive' test ! -e "$tmp/x.morgue"
wrong 'verify of nothing' 2 'name one archive' "$indexer" verify
wrong 'verify where there is none' 3 'no such archive' "$indexer" verify "$tmp/nowhere"

for program in "$indexer" "$query"; do
	called=${program##*/}
	"$program" --help >"$tmp/actual" 2>"$tmp/stderr"
	same "$called --help: exit 0" 0 $?
	ok 'on standard output' sh -c '[ -s "$1" ] && [ ! -s "$2" ]' sh "$tmp/actual" "$tmp/stderr"
	same 'no line over 80 columns' 0 "$(grep -c '.\{81\}' "$tmp/actual")"
	"$program" --version >"$tmp/actual"
	ok "$called --version" grep -qx "$called [0-9.]*" "$tmp/actual"
done
ok 'query show --help' "$query" show --help

finish
