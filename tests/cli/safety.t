#!/bin/sh
# What articles, file names and questions hold never drives the terminal: no control, escape
# or direction character of theirs reaches standard output or standard error.
. tests/lib.sh

evil=$tmp/evil
archive=$tmp/evil.morgue
mkdir "$evil"

# ESC and its sequences, BEL, CR, backspace, DEL, C1 (CSI, OSC), bidi overrides and isolates,
# marks, line separator, BOM, tag characters; then bytes that are no UTF-8.
bad=$(printf 'a\033[31mb\033]0;owned\007c\rd\010e\177f\302\233g\302\235h\342\200\256i\342\201\246j\342\200\217k\342\200\250l\357\273\277m\363\240\201\201n')
worse=$(printf '%s\377\300\200\355\240\200o' "$bad")

# clean NAME FILE...
clean() {
	name=$1
	shift
	! unsafe "$@"
	status=$?
	report "$status" "$name"
	[ "$status" -eq 0 ] || cat "$@" | od -c | sed 's/^/# /' | head -n 20
}

printf '%s' "$worse" >"$tmp/check"
ok 'the check sees them' unsafe "$tmp/check"
printf '\302\233' >"$tmp/check"
ok 'and a C1 control alone' unsafe "$tmp/check"
printf 'caf\303\251 \342\200\234ok\342\200\235\n' >"$tmp/check"
clean 'and nothing in plain text' "$tmp/check"

printf 'title: Front %s\ndate: 2001-02-03\nsource: Paper %s\nauthor: By %s\nsection: S %s\nurl: https://x.example/%s\nlang: %s\n\nvictim body %s here\n' \
	"$worse" "$worse" "$worse" "$worse" "$worse" "$worse" "$worse" >"$evil/front.txt"
printf 'Headline %s victim\n\nvictim body %s here\n' "$worse" "$worse" >"$evil/plain.txt"
printf 'victim body in a file of a bad name\n' >"$evil/$bad.txt"
printf 'victim body in another\n' >"$evil/$(printf 'x\377y\033[0m').txt"
mkdir "$evil/$(printf 'dir\033[2J')"
printf '{"id":"\\u001b[2Jk","title":"JSON \\u001b[31m \\u009b1m \\u202e \\u0007 \\r \\u2066","body":"victim \\u001b]0;x\\u0007 \\u202e body","source":"\\u001b[1m","section":"\\u009d","url":"http://\\u001b","author":"\\u001bc","tags":["\\u001b[5m"],"lang":"\\u001b"}\n{"title": bad%s}\n{"%s\n[]\n' \
	"$worse" "$worse" >"$evil/$(printf 'dir\033[2J')/j.jsonl"
printf '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" NEWID="1%s">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>t%s</D></TOPICS>\n<PLACES></PLACES>\n<TEXT>&#2;\n<TITLE>WIRE %s &#27;[31m</TITLE>\n<BODY>victim %s &#27;[31m body &#3;</BODY></TEXT>\n</REUTERS>\n' \
	"$bad" "$bad" "$worse" "$worse" >"$evil/r.sgm"
printf '\000\001\002\033[31m' >"$evil/$(printf 'bin\033[5m').txt"

"$indexer" add --errors "$tmp/errors" "$archive" "$evil" "$tmp/$(printf 'gone\033[31m')" >"$tmp/stdout" 2>"$tmp/stderr"
same 'they are read, what is no article rejected' 1 $?
clean 'add prints none of it' "$tmp/stdout" "$tmp/stderr"
clean 'nor does the file of --errors hold it' "$tmp/errors"
same 'which has them all' 5 "$(grep -c '"type":"rejected"' "$tmp/errors")"
same 'rejected: two lines, an array, a binary file, one that is not there' 5 "$(grep -c '^rejected: ' "$tmp/stderr")"
total=$("$query" -c "$archive" victim)
same 'the others are found' 6 "$total"

for options in '' --json '-s newest' '--color never'; do
	"$query" $options -n 100 "$archive" victim body >"$tmp/stdout" 2>"$tmp/stderr"
	clean "search prints none of it: $options" "$tmp/stdout" "$tmp/stderr"
done
"$query" --color always -n 100 "$archive" victim body >"$tmp/colour"
sed "s/$(printf '\033')\[\(0\|1\|2\|1;31\)m//g" "$tmp/colour" >"$tmp/stdout"
clean 'nor with colours, apart from ours' "$tmp/stdout"
if command -v script >"$tmp/which" && script -qec true /dev/null >"$tmp/script" 2>&1; then
	script -qec "$query -n 100 $archive victim body" /dev/null </dev/null |
		tr -d '\r' | sed "s/$(printf '\033')\[\(0\|1\|2\|1;31\)m//g" >"$tmp/stdout"
	clean 'nor on a terminal' "$tmp/stdout"
	script -qec "$indexer add $tmp/again.morgue $evil" /dev/null </dev/null |
		tr -d '\r' | sed "s/$(printf '\033')\[K//g" >"$tmp/stdout"
	clean 'nor does add' "$tmp/stdout"
else
	skip 'nor on a terminal' 'no script(1)'
	skip 'nor does add' 'no script(1)'
fi

numbers=$(seq 1 "$("$query" -c "$archive" '*')")
for options in '' --json --furniture; do
	"$query" show $options "$archive" $numbers >"$tmp/stdout" 2>"$tmp/stderr"
	clean "show prints none of it: $options" "$tmp/stdout" "$tmp/stderr"
done
if python3 -c 'import json' 2>"$tmp/stderr"; then
	"$query" --json -n 100 "$archive" '*' >"$tmp/lines"
	"$query" show --json "$archive" $numbers >>"$tmp/lines"
	"$query" --json "$archive" "$worse" >>"$tmp/lines" 2>"$tmp/stderr"
	cat "$tmp/errors" >>"$tmp/lines"
	ok 'its JSON is JSON' python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8", newline="\n"): json.loads(line)' "$tmp/lines"
else
	skip 'its JSON is JSON' 'no python3'
fi

# said NAME COMMAND...: whatever it says, it is clean.
said() {
	what=$1
	shift
	"$@" >"$tmp/stdout" 2>"$tmp/stderr"
	clean "$what" "$tmp/stdout" "$tmp/stderr"
}
said 'a question' "$query" "$archive" "$worse"
said 'a question as JSON' "$query" --json "$archive" "$worse" "\"$worse"
said 'a date' "$query" "$archive" "date:$worse"
said 'a note' "$query" "$archive" "$(printf -- '--\033[31m')" "\"$worse"
said 'an option' "$query" "--$worse" "$archive" x
said 'a letter' "$query" "-$(printf '\033')" "$archive" x
said 'a letter that is no ASCII' "$query" "-$(printf '\302\233')" "$archive" x
said 'the value of an option' "$query" -n "$worse" "$archive" x
said 'an archive' "$query" "$tmp/$worse" x
said 'a number' "$query" show "$archive" "$worse"
said 'a number in no archive' "$query" show "$worse" 1
said 'a command' "$indexer" "$worse"
said 'an option of indexer' "$indexer" "--$worse"
said 'a format' "$indexer" add -f "$worse" "$archive" "$evil"
said 'a map' "$indexer" add -m "$worse" "$archive" "$evil"
said 'a language' "$indexer" add -l "$worse" "$archive" "$evil"
said 'a headline weight' "$indexer" add --headline-weight "$worse" "$archive" "$evil"
said 'a file for --errors that cannot be opened' "$indexer" add --errors "$tmp/no/$worse" "$archive" "$evil"
said 'one that is input' "$indexer" add --errors "$evil/$bad.txt" "$archive" "$evil/$bad.txt"
[ ! -w /dev/full ] || ln -s /dev/full "$tmp/$(printf 'full\033[31m')"
said 'one that cannot be written' "$indexer" add --errors "$tmp/$(printf 'full\033[31m')" "$archive" "$evil"
said 'errors on standard output' "$indexer" add --errors - "$archive" "$evil"
ln -s nowhere "$evil/$(printf 'link\033[31m')"
said 'a link to nothing' "$indexer" add "$archive" "$evil"
mkdir "$tmp/$(printf 'foreign\033[31m')"
: >"$tmp/$(printf 'foreign\033[31m')/$bad"
said 'a directory with other files as archive' "$indexer" add "$tmp/$(printf 'foreign\033[31m')" "$evil"
said 'a file as archive' "$indexer" add "$evil/$bad.txt" "$evil"
mkdir "$tmp/$(printf 'empty\033[31m').morgue"
: >"$tmp/$(printf 'empty\033[31m').morgue/catalog.db"
said 'an archive that is not complete' "$query" "$tmp/$(printf 'empty\033[31m').morgue" x
echo no database >"$tmp/$(printf 'empty\033[31m').morgue/catalog.db"
said 'a catalog that is none' "$query" "$tmp/$(printf 'empty\033[31m').morgue" x
said 'and none to add to' "$indexer" add "$tmp/$(printf 'empty\033[31m').morgue" "$evil"
said 'a path' "$indexer" add "$archive" "$worse"
said 'a new archive' "$indexer" add "$tmp/$(printf 'm\033[31m').morgue" corpus/text/misc
said 'one that is verified' "$indexer" verify "$tmp/$(printf 'm\033[31m').morgue"

finish
