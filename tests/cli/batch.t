#!/bin/sh
# query --batch: many questions, one a line; each has its answer before the next is waited for.
. tests/lib.sh
make_corpus sealed

batch() { "$query" "$@" --batch "$tmp/questions" "$corpus"; }

# ---- an answer is what the question alone would get ----

cat >"$tmp/plain" <<'END'
dam
"interest rates" OR title:strike
# dam
zeppelin
gates -dam date:2019..
'  resign*  '
(levy
Zoë 時計 titel:x
*
END
for options in '-n 3' '-c' '-l -n 4' '-l -s oldest' '-s newest -n 1' '--any -c' '--any --color always -n 2' \
	'--json -n 2' '--json --offset 2 --k1 0.3 --b 0'; do
	: >"$tmp/expected"
	while IFS= read -r question; do
		case $options in
		-n* | -s*) { [ ! -s "$tmp/expected" ] || echo; echo "==> $question <=="; } >>"$tmp/expected" ;;
		*color*) { [ ! -s "$tmp/expected" ] || echo; printf '\033[1m==> %s <==\033[0m\n' "$question"; } >>"$tmp/expected" ;;
		esac
		"$query" $options "$corpus" "$question" >>"$tmp/expected" 2>"$tmp/stderr"
	done <"$tmp/plain"
	"$query" $options --batch - "$corpus" <"$tmp/plain" >"$tmp/actual" 2>"$tmp/stderr"
	same "$options: exit 0" 0 $?
	ok "$options: the same bytes as question by question" cmp "$tmp/expected" "$tmp/actual"
done
expect_in 'a note says of which line it is' "$tmp/stderr" "query: note: line 8: 'titel:' is read as a word; did you mean title:?"
"$query" --json --batch=- -a "$corpus" -n 2 <"$tmp/plain" >"$tmp/expected" 2>"$tmp/stderr"
MORGUE=$corpus "$query" --json -n 2 --batch "$tmp/plain" >"$tmp/actual" 2>"$tmp/stderr"
ok 'a file or standard input, the archive by MORGUE or -a' cmp "$tmp/expected" "$tmp/actual"

# What the manual and the help show.
PATH=$(cd "$BUILD/bin" && pwd):$PATH
(mkdir "$tmp/shown" && cd "$tmp/shown" && ln -s "$corpus" corpus.morgue && ln -s "$corpus" news.morgue)
sed -n '/^    \$ printf.*--batch/,/^$/s/^    //p' docs/QUERY.md >"$tmp/manual"
ok 'docs/QUERY.md has an example' test -s "$tmp/manual"
(cd "$tmp/shown" && eval "$(sed -n '1s/^\$ //p' "$tmp/manual")") >"$tmp/actual"
same 'and shows what it prints' "$(sed 1d "$tmp/manual")" "$(cat "$tmp/actual")"
example=$(sed -n '/^  printf/,/^$/p' query/help/batch.txt)
(cd "$tmp/shown" && eval "$example") >"$tmp/actual"
same 'so does the help' "$(sed -n 's/^  \([a-z]*	[0-9]*\)$/\1/p' query/help/batch.txt)" "$(cat "$tmp/actual")"

# ---- lines ----

printf 'dam\r\nby name\tgates\ttitle:gates\r\n\n \t \r\n\tlevy\nempty\t\nlast\tstrike' >"$tmp/questions"
expect 'a count a line, after the name' 0 batch -c <<'END'
11
by name	1
5
empty	0
last	8
END
expect 'numbers, each after the name' 0 batch -l -n 1 -s oldest <<'END'
14
by name	17
31
last	38
END
expect 'the name is a member' 0 batch --json -n 0 <<'END'
{"type":"query","format_version":1,"query":"dam","articles":43,"name":null}
{"type":"summary","total":11,"returned":0}
{"type":"query","format_version":1,"query":"gates\ttitle:gates","articles":43,"name":"by name"}
{"type":"summary","total":1,"returned":0}
{"type":"query","format_version":1,"query":"levy","articles":43,"name":null}
{"type":"summary","total":5,"returned":0}
{"type":"query","format_version":1,"query":"","articles":43,"name":"empty"}
{"type":"summary","total":0,"returned":0}
{"type":"query","format_version":1,"query":"strike","articles":43,"name":"last"}
{"type":"summary","total":8,"returned":0}
END
expect 'for people a head line' 0 batch -n 0 <<'END'
==> dam <==
11 articles

==> by name: gates title:gates <==
1 article

==> levy <==
5 articles

==> empty <==
no article matches

==> last: strike <==
8 articles
END
printf '\357\273\277first\tdam\n' >"$tmp/questions"
expect 'a byte order mark is no part of the name' 0 batch -c <<'END'
first	11
END
printf 'zeppelin\nballoon\n' >"$tmp/questions"
expect 'no hit in any: exit 1' 1 batch -c <<'END'
0
0
END
printf '\n  \n' >"$tmp/questions"
expect 'no question: nothing, exit 1' 1 batch --json </dev/null

printf 'why\tgates\nzeppelin\n' >"$tmp/questions"
for options in '' --json; do
	batch $options --explain-score 12 >"$tmp/actual" 2>"$tmp/stderr"
	same "--explain-score $options: exit 1 if it matches none" 1 $?
	batch $options --explain-score 33 >"$tmp/actual" 2>"$tmp/stderr"
	same "--explain-score $options: exit 0 if it matches one" 0 $?
done
same 'its JSON ends with the name' '"name":"why"} "name":null} ' "$(grep -o '"name":[^{]*}$' "$tmp/actual" | tr '\n' ' ')"
batch --explain-score 999 >"$tmp/actual" 2>"$tmp/stderr"
same '--explain-score of what is not there: exit 1' 1 $?
same 'said of each line' 2 "$(grep -c '^query: line [12]: .*there is no article 999' "$tmp/stderr")"

# ---- lines that have no answer ----

printf 'dam\nbad\tdate:1987-13\nlevy\n' >"$tmp/questions"
expect 'a date that is none: a dash for a count, the rest goes on, exit 2' 2 batch -c <<'END'
11
bad	-
5
END
expect_in 'and its line on standard error' "$tmp/stderr" 'query: line 2: date:1987-13: not a date; write'
expect 'no number' 2 batch -l -n 1 <<'END'
24
31
END
expect 'no head line' 2 batch -n 0 <<'END'
==> dam <==
11 articles

==> levy <==
5 articles
END
expect 'in JSON a line of its own' 2 batch --json -n 0 <<'END'
{"type":"query","format_version":1,"query":"dam","articles":43,"name":null}
{"type":"summary","total":11,"returned":0}
{"type":"error","format_version":1,"line":2,"name":"bad","reason":"date:1987-13: not a date; write 1987, 1987-03, 1987-03-15, 1987-03..1987-05, ..1999, 2001.., last-30d or none ('query help dates')","place":[5,12]}
{"type":"query","format_version":1,"query":"levy","articles":43,"name":null}
{"type":"summary","total":5,"returned":0}
END
same 'and nothing else' '' "$(cat "$tmp/stderr")"

# padded BYTES: a question of so many bytes.
padded() { printf 'dam'; head -c "$(($1 - 3))" /dev/zero | tr '\0' ' '; }
{ echo levy; padded 131072; printf '\r\n'; printf 'long\t'; padded 131068; echo; padded 3000000; printf '\ndam\n'; padded 131073; } >"$tmp/questions"
expect 'lines of 128 KiB are answered, longer ones are not and do no harm' 2 batch -c <<'END'
5
11
long	-
-
11
-
END
for n in 3 4 6; do
	expect_in "line $n is too long" "$tmp/stderr" "query: line $n: longer than 131072 bytes"
done
{ yes 'dam gates' | head -n 10000 | tr '\n' ' '; echo; } >"$tmp/questions"
same 'a pasted text of 100 kB' "$("$query" -c "$corpus" dam gates)" "$(batch -c)"

# ---- hostile names and questions ----

printf 'na\033[31m\rme\302\233\342\200\256\377\tdam \033]0;x\007 \302\235 \342\200\256 \000 \377\n\033[2J\tdate:\033[1m\302\233\377\nt\033\ttilte:dam\n' >"$tmp/questions"
for options in -c -l '-n 1' --json '--explain-score 24'; do
	batch $options >"$tmp/actual" 2>"$tmp/stderr"
	same "$options: exit 2" 2 $?
	! unsafe "$tmp/actual" "$tmp/stderr"
	report $? "$options: nothing that could drive a terminal"
done
same 'names cannot break lines' 3 "$(batch -c 2>"$tmp/stderr" | grep -c '^[^	]*	[0-9-]*$')"
batch --json >"$tmp/actual" 2>"$tmp/stderr"
cat >"$tmp/check.py" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8", newline="\n")]
named = [o for o in lines if "name" in o and o["type"] != "no_hits"]
assert [o["name"] for o in named] == ["na\x1b[31m\rme\x9b\u202e\ufffd", "\x1b[2J", "t\x1b"], named
assert [o["type"] for o in named] == ["query", "error", "query"], named
assert list(named[0]) == "type format_version query articles name".split(), named
assert named[0]["query"] == "dam \x1b]0;x\x07 \x9d \u202e \0 \ufffd", named
assert list(named[1]) == "type format_version line name reason place".split(), named
assert named[1]["line"] == 2 and named[1]["reason"].startswith("date:\ufffd[1m\ufffd\ufffd: not a date"), named
END
if python3 -c 'import json' 2>"$tmp/which"; then
	ok 'JSON escapes them' python3 "$tmp/check.py" "$tmp/actual"
else
	skip 'JSON escapes them' 'no python3'
fi
ok 'the manual lists the members of error' grep -q '^| `error` | type' docs/OUTPUT.md

# ---- what it does not go with ----

# wrong NAME STATUS TEXT COMMAND...
wrong() {
	name=$1 wanted=$2 text=$3
	shift 3
	"$@" >"$tmp/actual" 2>"$tmp/stderr"
	same "$name: exit $wanted" "$wanted" $?
	ok "$name: no answer" test ! -s "$tmp/actual"
	expect_in "$name: said so" "$tmp/stderr" "$text"
}

echo dam >"$tmp/questions"
wrong 'words too' 2 "--batch takes its questions from its file alone: leave 'levy' out; options stand before the archive" \
	"$query" --batch "$tmp/questions" "$corpus" levy
wrong 'an option behind the archive' 2 "leave '-c' out; options stand before the archive" \
	"$query" --batch "$tmp/questions" "$corpus" -c
wrong 'no archive' 2 'name an archive after the file of questions: query --batch questions.txt news.morgue' \
	"$query" --batch "$corpus"
wrong 'show' 2 'there is no option --batch' "$query" show --batch "$tmp/questions" "$corpus"
wrong 'a slip' 2 'did you mean --batch?' "$query" --bacth "$tmp/questions" "$corpus"
wrong 'no file' 2 'option --batch wants a value after it' "$query" --batch
wrong 'a file that is not there' 2 '--batch: nowhere: No such file or directory; look for a slip in the name' \
	"$query" --batch nowhere "$corpus"
wrong 'a directory' 2 'Is a directory; name a file' "$query" --batch corpus "$corpus"
wrong 'no such archive' 3 'no such archive' "$query" --batch "$tmp/questions" "$tmp/nowhere"
cp -R "$corpus" "$tmp/bad.morgue"
size=$(wc -c <"$tmp/bad.morgue/00000001.seg")
head -c "$((size - 4096))" /dev/zero | dd of="$tmp/bad.morgue/00000001.seg" bs=4096 seek=1 conv=notrunc 2>"$tmp/dd"
wrong 'a damaged archive' 3 '00000001.seg: ' "$query" --json --batch "$tmp/questions" "$tmp/bad.morgue"
if [ -w /dev/full ]; then
	batch -c >/dev/full 2>"$tmp/stderr"
	same 'a full disk: exit 3' 3 $?
else
	skip 'a full disk: exit 3' 'no /dev/full'
fi

# ---- line by line ----

# talk COMMAND...: its questions go to descriptor 3, its answers come from 4. A command that
# does not answer is ended at last, so that the test is too.
mkfifo "$tmp/in" "$tmp/out"
talk() {
	timeout 120 "$@" <"$tmp/in" >"$tmp/out" 2>"$tmp/stderr" &
	talking=$!
	exec 3<>"$tmp/in" 4<"$tmp/out"
}
ask() { printf '%s\n' "$1" >&3 && IFS= read -r answer <&4; }
add() { "$indexer" add -q "$@" 3>&- 4<&-; }
hang_up() {
	exec 3>&-
	wait "$talking"
	status=$?
	exec 4<&-
}

cp -R "$corpus" "$tmp/grows.morgue"
talk "$query" -c --batch - "$tmp/grows.morgue"
ask 'one	zeppelin'
same 'a count comes back before the next question' 'one	0' "$answer"
printf 'A zeppelin over the harbour\n\nIt came from the sea.\n' >"$tmp/zeppelin.txt"
add "$tmp/grows.morgue" "$tmp/zeppelin.txt"
same 'while it waits an article is added' 0 $?
ok 'and the waiting reader holds up no checkpoint' test ! -s "$tmp/grows.morgue/catalog.db-wal"
ask 'two	zeppelin'
same 'the next question finds it' 'two	1' "$answer"
for i in 1 2 3 4; do
	printf 'Zeppelin number %s\n\nagain\n' "$i" >"$tmp/zeppelin.txt"
	add "$tmp/grows.morgue" "$tmp/zeppelin.txt"
	ask zeppelin
	printf '%s ' "$answer"
done >"$tmp/actual"
same 'and so on' '2 3 4 5 ' "$(cat "$tmp/actual")"
ask date:x
same 'a line that has no answer is told apart' - "$answer"
ask 'three	zeppelin'
same 'and the one after it' 'three	5' "$answer"
hang_up
same 'exit 2, one was not understood' 2 "$status"

talk "$query" --json -n 1 --batch /dev/stdin "$tmp/grows.morgue"
ask zeppelin
same 'JSON line by line' '{"type":"query","format_version":1,"query":"zeppelin","articles":48,"name":null}' "$answer"
IFS= read -r answer <&4
IFS= read -r answer <&4
same 'up to the summary' '{"type":"summary","total":5,"returned":1}' "$answer"
mv "$tmp/grows.morgue/00000001.seg" "$tmp/kept.seg"
ask dam
same 'segments stay open while nothing is added' '{"type":"query","format_version":1,"query":"dam","articles":48,"name":null}' "$answer"
IFS= read -r answer <&4
IFS= read -r answer <&4
mv "$tmp/kept.seg" "$tmp/grows.morgue/00000001.seg"
printf 'Zeppelin, the last\n\nagain\n' >"$tmp/zeppelin.txt"
add "$tmp/grows.morgue" "$tmp/zeppelin.txt"
rm "$tmp/grows.morgue/00000001.seg"
printf 'dam\n' >&3
hang_up
same 'a segment that is gone when something is: exit 3' 3 "$status"
expect_in 'and said so' "$tmp/stderr" 'a segment that the catalog names is not there'

# Where SQLite may not write it cannot see that someone else does.
someone() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
cp -R "$corpus" "$tmp/read.morgue"
chmod 755 "$tmp"
chmod -R a+rX,go-w "$tmp/read.morgue"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >"$tmp/which" && someone "$query" -c "$tmp/read.morgue" dam >"$tmp/actual" 2>&1; then
	talk setpriv --reuid=65534 --regid=65534 --clear-groups "$query" -c --batch - "$tmp/read.morgue"
	ask zeppelin
	same 'an archive that the reader may not write' 0 "$answer"
	(umask 022 && add "$tmp/read.morgue" "$tmp/zeppelin.txt")
	ask zeppelin
	same 'and that someone else adds to' 1 "$answer"
	hang_up
	same 'exit 0' 0 "$status"
else
	for what in 'an archive that the reader may not write' 'and that someone else adds to' 'exit 0'; do
		skip "$what" 'needs root and setpriv'
	done
fi

# ---- memory ----

# peak QUESTIONS OPTIONS: MiB at the most while so many are answered.
peak() {
	yes "$(cat "$tmp/plain")" | head -n "$1" >"$tmp/questions"
	MORGUE_TRACE=1 "$query" $2 --batch "$tmp/questions" "$corpus" 2>&1 >"$tmp/actual" |
		sed -n 's/^morgue: total .* \([0-9]*\)\.[0-9]* MiB$/\1/p'
}
few=50 many=3000
[ -z "${MORGUE_TEST_LONG:-}" ] || many=100000
case $BUILD in
*address*) skip 'memory does not grow with the number of questions' 'freed memory is kept back by the sanitizer' ;;
*)
	for options in -c '--json -n 1'; do
		before=$(peak $few "$options")
		after=$(peak $many "$options")
		ok "$options: memory does not grow from $few questions to $many ($before to $after MiB)" \
			test "$before" -gt 0 -a "$after" -le "$((before + 1))"
	done
	same 'all are answered' $many "$(grep -c '"type":"summary"' "$tmp/actual")"
	;;
esac

finish
