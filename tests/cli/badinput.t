#!/bin/sh
# Input that is no article, places that cannot be read, a run that is stopped: a line with place and
# reason, the rest indexed; --errors collects the lines for a program.
. tests/lib.sh

archive=$tmp/a.morgue
dir=$tmp/in
mkdir "$dir"
case $BUILD in
*address* | *thread* | *memory* | *undefined*) sanitized=1 ;;
*) sanitized= ;;
esac

# The number in a row of the closing table.
row() {
	sed -n "s/^  $1  *\([0-9,]*\).*/\1/p" "$tmp/stderr"
}

count_of() {
	"$query" -c "$1" '*'
}

# add ARGUMENT...: to a new archive; output in $tmp/stdout and $tmp/stderr, exit status in $status.
add() {
	rm -rf "$archive"
	"$indexer" add "$@" >"$tmp/stdout" 2>"$tmp/stderr"
	status=$?
}

# counts NAME ADDED KNOWN REJECTED: of the last run, and the archive holds what it added.
counts() {
	same "$1" "$2 $3 $4, $2 there" "$(row added) $(row 'already there') $(row rejected), $(count_of "$archive") there"
}

# Without root's rights, if this is root.
if [ "$(id -u)" -ne 0 ]; then
	someone() { "$@"; }
elif command -v setpriv >"$tmp/which"; then
	someone() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	chmod 755 "$tmp"
else
	someone() { return 99; }
fi

# ---- one of each ----

: >"$dir/empty.txt"
printf '\000\001\002ELF' >"$dir/binary"
printf ' \n\t\n' >"$dir/blank.txt"
printf '{"title":"Whole","body":"one"}\n' | gzip -c | head -c 25 >"$dir/cut.jsonl.gz"
printf '\037\213\010nothing of the kind' >"$dir/damaged.gz"
printf '%s\n' '{"title":"First","body":"one"}' '[1,2]' '"words"' '7' '{"id":3}' '{"title":"","body":" "}' '{"title":"Broken' \
	'{"title":"Last","body":"two"}' >"$dir/lines.jsonl"
printf 'Caf\351 opens\n\nNa\357ve \377 words.\n' >"$dir/latin1.txt"
add --errors "$tmp/errors" "$archive" "$dir"
same 'bad input: exit 1' 1 "$status"
counts 'all that can be read is added, the rest counted' 3 0 11
same 'bytes repaired are counted' 3 "$(row 'bytes repaired')"
same 'and seen' "$(printf 'Caf\357\277\275 opens')" "$("$query" show "$archive" 1 | head -n 1)"
for line in 'empty.txt: empty file' 'binary: binary file' 'blank.txt: byte 0: ' 'cut.jsonl.gz: byte 0: gzip stream ends early' \
	'damaged.gz: gzip stream is damaged' 'lines.jsonl: byte 31: a JSON line that is no object' 'lines.jsonl: byte 37: a JSON line that is no object' \
	'lines.jsonl: byte 45: a JSON line that is no object' 'lines.jsonl: byte 47: no title and no text' 'lines.jsonl: byte 56: no title and no text' 'lines.jsonl: byte 80: not valid JSON'; do
	expect_in "place and reason: $line" "$tmp/stderr" "$line"
done
"$indexer" add -q "$archive" "$dir" >"$tmp/stdout" 2>"$tmp/again"
grep '^rejected: ' "$tmp/stderr" >"$tmp/first"
ok 'the same again says the same' cmp "$tmp/first" "$tmp/again"

# ---- the file that collects ----

same 'a line for each rejected piece' 11 "$(grep -c '^{"type":"rejected","format_version":1,"path":"' "$tmp/errors")"
expect_in 'with path, offset and reason' "$tmp/errors" \
	"{\"type\":\"rejected\",\"format_version\":1,\"path\":\"$dir/lines.jsonl\",\"path_bytes\":null,\"offset\":31,\"reason\":\"a JSON line that is no object\"}"
expect_in 'or no offset for a whole file' "$tmp/errors" '/empty.txt","path_bytes":null,"offset":null,"reason":"empty file"}'
expect_in 'a note for a repair' "$tmp/errors" 'latin1.txt","path_bytes":null,"offset":0,"reason":"3 bytes not valid UTF-8, shown as U+FFFD"}'
same 'a summary at the end' '{"type":"summary","format_version":1,"ended":"done","reason":null,"added":3,"known":0,"rejected":11,"changed":0,"repaired":3,"unchanged":0}' \
	"$(tail -n 1 "$tmp/errors")"
if python3 -c 'import json' 2>"$tmp/which"; then
	printf 'x' >"$dir/$(printf 'n\351w\nline "q" \033[31m')"
	: >"$dir/$(printf 'z\377')"
	add -q --errors "$tmp/errors" "$archive" "$dir"
	ok 'each line is JSON, each path can be found again' python3 -c 'import json, os, sys
for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    o = json.loads(line)
    if o["type"] != "summary":
        path = bytes.fromhex(o["path_bytes"]) if o["path_bytes"] else o["path"].encode()
        assert os.path.exists(path), path' "$tmp/errors"
	same 'also one that is no UTF-8' 1 "$(grep -c '"path_bytes":"[0-9a-f]*7aff"' "$tmp/errors")"
	rm "$dir/$(printf 'z\377')"
	rm "$dir/$(printf 'n\351w\nline "q" \033[31m')"
else
	skip 'each line is JSON, each path can be found again' 'no python3'
	skip 'also one that is no UTF-8' 'no python3'
fi
add --errors - "$archive" "$dir"
same '-: on standard output' 13 "$(grep -c '^{"type":"[a-z]*","format_version":1,.*}$' "$tmp/stdout")"
add -q --errors "$tmp/errors" "$archive" corpus/text/misc
same 'of a run without fault it is the summary' 1 "$(wc -l <"$tmp/errors")"
cp "$tmp/errors" "$dir/errors.jsonl"
add --errors "$dir/errors.jsonl" "$archive" "$dir"
counts 'it is not read as input' 3 0 11
cp "$dir/lines.jsonl" "$tmp/before"
add --errors "$dir/lines.jsonl" "$archive" "$dir/lines.jsonl"
same 'a file that is named as input: exit 2' 2 "$status"
ok 'and left as it is' cmp "$tmp/before" "$dir/lines.jsonl"
rm "$dir/errors.jsonl"
add --errors "$tmp/no/where" "$archive" "$dir"
same 'a file that cannot be opened: exit 2' 2 "$status"
expect_in 'and why' "$tmp/stderr" "indexer: --errors $tmp/no/where: No such file or directory"
ok 'and nothing is done' test ! -e "$archive"
if [ -w /dev/full ]; then
	add --errors /dev/full "$archive" "$dir"
	same 'a file that cannot be written: exit 3' 3 "$status"
	same 'said once' 1 "$(grep -c '^indexer: --errors /dev/full: cannot write: No space left on device; ' "$tmp/stderr")"
	counts 'all is added the same' 3 0 11
else
	for what in 'a file that cannot be written: exit 3' 'said once' 'all is added the same'; do
		skip "$what" 'no /dev/full'
	done
fi
rm -rf "$archive"
"$indexer" add --errors - "$archive" "$dir" corpus/text/misc 2>"$tmp/stderr" | head -n 1 >"$tmp/stdout"
same 'a reader that has had enough stops nothing' 4 "$(count_of "$archive")"

# ---- what is no plain file ----

odd=$tmp/odd
mkdir -p "$odd/loop" "$odd/directory"
ln -s nowhere "$odd/dangling"
ln -s circle "$odd/circle"
ln -s .. "$odd/loop/up"
mkfifo "$odd/fifo"
printf 'Plain\n' >"$odd/plain.txt"
ln -s plain.txt "$odd/linked.txt"
printf 'Of a name\n' >"$odd/$(printf 'two\nlines.txt')"
add "$archive" "$odd"
counts 'pipes and links to directories below a directory are left alone' 2 1 2
expect_in 'a link that leads nowhere is named' "$tmp/stderr" 'rejected: '"$odd"'/dangling: a link to what is not there'
expect_in 'and one that leads to itself' "$tmp/stderr" 'circle: Too many levels of symbolic links'
add "$archive" "$odd/plain.txt/below" "$odd/directory" "$odd/plain.txt"
counts 'a path below a file is rejected' 1 0 1
expect_in 'and named' "$tmp/stderr" 'plain.txt/below: Not a directory'
if perl -MSocket -e 1 2>"$tmp/which"; then
	(cd "$odd" && perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un("socket")) or die')
	add "$archive" "$odd/socket" "$odd/plain.txt"
	counts 'a socket that is named is rejected' 1 0 1
else
	skip 'a socket that is named is rejected' 'no perl'
fi

# A path too long for the system, made from inside.
(
	cd "$odd"
	name=$(printf '%0200d' 0)
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do
		mkdir "$name" && cd -P "$name" 2>"$tmp/which" || break
		printf 'Depth %s\n' "$n" >deep.txt
	done
)
add "$archive" "$odd"
same 'a path too long for the system: exit 1' 1 "$status"
expect_in 'and why' "$tmp/stderr" 'File name too long'
same 'added and rejected add up' "$(($(row added) + $(row 'already there') + $(row rejected)))" \
	"$((3 + 2 + $("$query" -c "$archive" depth) + $(grep -c 'File name too long' "$tmp/stderr")))"
rm -rf "$odd"

# ---- what may not be read ----

closed=$tmp/closed
mkdir "$closed" "$closed/shut"
printf 'Open\n' >"$closed/open.txt"
printf 'Hidden\n' >"$closed/shut/x.txt"
chmod 777 "$closed"
chmod 000 "$closed/shut"
someone "$indexer" add "$closed/a.morgue" "$closed" >"$tmp/stdout" 2>"$tmp/stderr"
status=$?
if [ "$status" -ne 99 ]; then
	same 'a directory without permission: exit 1' 1 "$status"
	expect_in 'is named with the reason' "$tmp/stderr" "rejected: $closed/shut: Permission denied"
	same 'the rest is indexed' 1 "$(count_of "$closed/a.morgue")"
else
	for what in 'a directory without permission: exit 1' 'is named with the reason' 'the rest is indexed'; do
		skip "$what" 'root reads everything, and there is no setpriv'
	done
fi
chmod 755 "$closed/shut"

# ---- what is too long ----

# The program may use this much address space, in KB; a sanitizer needs terabytes, and each
# thread reserves much that it never uses.
if [ -z "$sanitized" ]; then
	bounded() { (ulimit -v 400000 && "$@"); }
else
	bounded() { "$@"; }
fi

# letters N: a word of N bytes.
letters() {
	head -c "$1" /dev/zero | tr '\0' a
}

rm -rf "$archive"
{
	printf '{"title":"Before","body":"b"}\n{"title":"'
	letters 200000000
	printf '","body":"b"}\n{"title":"After","body":"b"}\n'
} | bounded "$indexer" add -j 1 "$archive" - 2>"$tmp/stderr"
same 'a line of 200 MB: exit 1' 1 $?
counts 'the lines before and after are added' 2 0 1
expect_in 'the message has place, limit and advice' "$tmp/stderr" \
	'rejected: -: byte 30: a line of more than 32 MiB, the most there may be; cut it into several'
rm -rf "$archive"
letters 1000000000 | bounded "$indexer" add -j 1 "$archive" - corpus/text/misc 2>"$tmp/stderr"
same 'an article of 1 GB: exit 1' 1 $?
counts 'what comes after it is added' 1 0 1
expect_in 'the message has the limit' "$tmp/stderr" \
	'rejected: -: byte 0: a text of more than 16 MiB, the most there may be; cut it into several'
if truncate -s 1G "$tmp/sparse.txt" 2>"$tmp/which"; then
	bounded "$indexer" add -j 1 "$archive" "$tmp/sparse.txt" -f text 2>"$tmp/stderr"
	printf 'x' | dd of="$tmp/sparse.txt" conv=notrunc 2>"$tmp/which"
	bounded "$indexer" add -j 1 -f text "$archive" "$tmp/sparse.txt" 2>"$tmp/stderr"
	expect_in 'a file of 1 GB likewise' "$tmp/stderr" 'a text of more than 16 MiB'
	rm "$tmp/sparse.txt"
else
	skip 'a file of 1 GB likewise' 'no truncate'
fi
if [ -n "${MORGUE_TEST_LONG:-}" ] && [ -z "$sanitized" ]; then
	rm -rf "$archive"
	letters 4000000000 | gzip -1 | bounded "$indexer" add -j 1 -f jsonl "$archive" - 2>"$tmp/stderr"
	expect_in '4 GB in one line of a gzip stream' "$tmp/stderr" 'a line of more than 32 MiB'
	rm -rf "$archive"
	{ printf 'Title\n\n'; letters 67000000; } | "$indexer" add -q "$archive" - 2>"$tmp/stderr"
	same 'an article just below the limit is one' 1 "$(count_of "$archive")"
fi

# ---- stopped ----

mkfifo "$tmp/fifo"

# A pipe that somebody writes a line to now and then: nothing waits for the line after.
rm -rf "$archive"
MORGUE_TEST_BATCH=1 "$indexer" add -q -f jsonl "$archive" "$tmp/fifo" &
exec 3>"$tmp/fifo"
{ printf '{"title":"Word","body":"'; letters 20000; printf '"}\n'; } >&3
for n in 1 2 3 4 5 6 7 8; do
	until [ "$(count_of "$archive" 2>"$tmp/none")" = "$n" ]; do sleep 0.02; done
	printf '{"title":"Word %s"}\n' "$n" >&3
done
exec 3>&-
wait $!
same 'each line that a slow pipe brings is there before the next one' 9 "$(count_of "$archive")"

rm -rf "$archive"
env --default-signal=INT MORGUE_TEST_BATCH=1 "$indexer" add --errors "$tmp/errors" "$archive" corpus/text/valley-post "$tmp/fifo" \
	2>"$tmp/stderr" &
pid=$!
exec 3>"$tmp/fifo"
# The first lines are looked at together, to tell the format: 16 KiB of them.
{ printf '{"title":"Third","body":"'; letters 20000; printf '"}\n[]\n{"title":"Fourth"}\n'; } >&3
until grep -q '^rejected: ' "$tmp/stderr" && [ "$(count_of "$archive")" -eq 4 ]; do sleep 0.02; done
kill -INT "$pid"
wait "$pid" 2>"$tmp/wait"
same 'Ctrl-C while a slow pipe is read: exit 5' 5 $?
expect_in 'what is kept is said' "$tmp/stderr" '4 articles, in whole batches, are added and kept; run the same command again to go on.'
same 'and true' 4 "$(count_of "$archive")"
same 'the counts are those of what is kept' '4 0 1' "$(row added) $(row 'already there') $(row rejected)"
same 'the collected lines go to their end' '{"type":"summary","format_version":1,"ended":"interrupted","reason":"stopped on request","added":4,"known":0,"rejected":1,"changed":0,"repaired":0,"unchanged":0}' \
	"$(tail -n 1 "$tmp/errors")"
exec 3>&-
same 'and nothing is left behind' 'catalog.db lock' \
	"$(ls -A "$archive" | tr '\n' ' ' | sed 's/ $//')"

finish
