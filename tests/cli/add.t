#!/bin/sh
# indexer add: what is read, counted, skipped and rejected, and what is left on disk.
. tests/lib.sh

archive=$tmp/a.morgue
input='corpus/text corpus/jsonl corpus/reuters'

# The number in a row of the closing table.
row() {
	sed -n "s/^  $1  *\([0-9,]*\).*/\1/p" "$tmp/stderr"
}

count_of() {
	"$query" -c "$1" '*'
}

# ---- counts ----

"$indexer" add "$archive" $input >"$tmp/stdout" 2>"$tmp/stderr"
same 'exit status 1 when some input was rejected' 1 $?
same 'added' 43 "$(row added)"
same 'already there' 1 "$(row 'already there')"
same 'rejected' 2 "$(row rejected)"
same 'with a date' 41 "$(row 'with a date')"
expect_in 'a rejected line is named by file, byte and reason' "$tmp/stderr" \
	'rejected: corpus/jsonl/cms-export.jsonl: byte 5914: not valid JSON'
expect_in 'and so is one that is no object' "$tmp/stderr" 'rejected: corpus/jsonl/wire.jsonl: byte 9791: a JSON line that is no object'
ok 'nothing on standard output' test ! -s "$tmp/stdout"
ok 'the byte is where the line begins' sh -c \
	'tail -c +9792 corpus/jsonl/wire.jsonl | head -n 1 | cmp - "$1"' sh - <<'END'
["batch", 4, "end of file from desk 2"]
END
same 'the archive holds them' 43 "$(count_of "$archive")"
same 'at rest it is its catalog and the lock' 'catalog.db lock' \
	"$(ls -A "$archive" | tr '\n' ' ' | sed 's/ $//')"

"$indexer" seal -q "$archive"
same 'sealed, it has a segment too' '00000001.seg catalog.db lock' "$(ls -A "$archive" | tr '\n' ' ' | sed 's/ $//')"
cksum "$archive"/0*.seg >"$tmp/before"
"$indexer" add --again "$archive" $input >"$tmp/stdout" 2>"$tmp/stderr"
same 'the same input again adds nothing' 0 "$(row added)"
same 'and finds it all there' 44 "$(row 'already there')"
cksum "$archive"/*.seg >"$tmp/after"
ok 'and makes no segment' cmp "$tmp/before" "$tmp/after"

"$indexer" add -q "$archive" corpus/text/misc >"$tmp/stdout" 2>"$tmp/stderr"
same 'exit status 0 when nothing is rejected' 0 $?
ok '-q: nothing to say, nothing said' test ! -s "$tmp/stderr"
"$indexer" add -q "$archive" corpus/jsonl >"$tmp/stdout" 2>"$tmp/stderr"
same '-q still names rejected input' 2 "$(grep -c '^rejected: ' "$tmp/stderr")"

# ---- the same input makes the same archive ----

"$indexer" add -q "$tmp/b.morgue" $input 2>"$tmp/stderr"
"$indexer" seal -q "$tmp/b.morgue"
ok 'two archives of the same input have the same segment' cmp "$archive/00000001.seg" "$tmp/b.morgue/00000001.seg"
"$query" --json -n 100 "$archive" '*' >"$tmp/before"
"$query" --json -n 100 "$tmp/b.morgue" '*' >"$tmp/after"
ok 'and the same articles' cmp "$tmp/before" "$tmp/after"
if command -v sqlite3 >"$tmp/which"; then
	"$indexer" add -q "$tmp/c.morgue" $input 2>"$tmp/stderr"
	"$indexer" add -q "$tmp/d.morgue" $input 2>"$tmp/stderr"
	sqlite3 "$tmp/c.morgue/catalog.db" .dump >"$tmp/before"
	sqlite3 "$tmp/d.morgue/catalog.db" .dump >"$tmp/after"
	ok 'and the same catalog, to the last value' cmp "$tmp/before" "$tmp/after"
else
	skip 'and the same catalog, to the last value' 'no sqlite3'
fi

# ---- where input comes from ----

mkdir -p "$tmp/tree/b/deep" "$tmp/tree/a" "$tmp/tree/.hidden"
echo 'Gamma' >"$tmp/tree/b/deep/z.txt"
echo 'Beta' >"$tmp/tree/b/a.txt"
echo 'Alpha' >"$tmp/tree/a/x.txt"
echo 'Delta' >"$tmp/tree/c.txt"
echo 'Secret' >"$tmp/tree/.hidden/h.txt"
echo 'Secret' >"$tmp/tree/.dot.txt"
"$indexer" add -q "$tmp/tree.morgue" "$tmp/tree"
same 'directories are read in order of name, without hidden files' '#1 Alpha #2 Beta #3 Gamma #4 Delta' \
	"$("$query" --json "$tmp/tree.morgue" '*' | sed -n 's/.*"id":\([0-9]*\).*"title":"\([A-Za-z]*\)".*/#\1 \2/p' |
		sort | tr '\n' ' ' | sed 's/ $//')"

"$indexer" add -q "$tmp/tree/inner.morgue" "$tmp/tree"
"$indexer" add --again "$tmp/tree/inner.morgue" "$tmp/tree" 2>"$tmp/stderr"
same 'an archive inside the input is not read' '0 4 0' "$(row added) $(row 'already there') $(row rejected)"

"$indexer" add -q "$tmp/pipe.morgue" "$tmp/tree.morgue" 2>"$tmp/stderr"
same 'nor is one that is named as input' 1 $?
expect_in 'and said so' "$tmp/stderr" 'tree.morgue: an archive'

"$indexer" add -q "$tmp/pipe.morgue" - <corpus/jsonl/wire.jsonl 2>"$tmp/stderr"
same '-: standard input' 9 "$(count_of "$tmp/pipe.morgue")"
expect_in 'rejected input there is named by a dash' "$tmp/stderr" 'rejected: -: byte 9791: '
"$indexer" add -q "$tmp/gzip.morgue" corpus/jsonl/feed.jsonl.gz
same 'gzip as it comes' 4 "$(count_of "$tmp/gzip.morgue")"
"$indexer" add -q "$tmp/gzpipe.morgue" - <corpus/jsonl/feed.jsonl.gz
same 'gzip from a pipe' 4 "$(count_of "$tmp/gzpipe.morgue")"

"$indexer" add "$tmp/gone.morgue" "$tmp/nowhere" 2>"$tmp/stderr"
same 'a path that is not there: exit 1' 1 $?
expect_in 'and named' "$tmp/stderr" "rejected: $tmp/nowhere: No such file or directory"
ok 'no archive is made for nothing' test ! -e "$tmp/gone.morgue"
"$indexer" add "$tmp/gone.morgue" "$tmp/nowhere" corpus/text/misc 2>"$tmp/stderr"
same 'the rest is added' 1 "$(count_of "$tmp/gone.morgue")"
mkdir "$tmp/void"
"$indexer" add "$tmp/void.morgue" "$tmp/void" 2>"$tmp/stderr"
same 'an empty directory: exit 0' 0 $?
expect_in 'and said so' "$tmp/stderr" 'no files'

: >"$tmp/empty.txt"
"$indexer" add "$tmp/none.morgue" "$tmp/empty.txt" 2>"$tmp/stderr"
same 'an empty file alone: exit 1' 1 $?
expect_in 'and why' "$tmp/stderr" 'empty.txt: empty file'
same 'its archive is empty and answers' 0 "$(count_of "$tmp/none.morgue")"

head -c 900 corpus/jsonl/feed.jsonl.gz >"$tmp/cut.jsonl.gz"
"$indexer" add "$tmp/cut.morgue" "$tmp/cut.jsonl.gz" 2>"$tmp/stderr"
same 'a gzip file cut short: exit 1' 1 $?
expect_in 'and why' "$tmp/stderr" 'gzip stream ends early'

if [ "$(id -u)" -eq 0 ] && command -v setpriv >"$tmp/which"; then
	mkdir "$tmp/user"
	chmod 755 "$tmp"
	echo 'Locked' >"$tmp/user/locked.txt"
	echo 'Open' >"$tmp/user/open.txt"
	chmod 000 "$tmp/user/locked.txt"
	chmod 777 "$tmp/user"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$indexer" add "$tmp/user/u.morgue" "$tmp/user/locked.txt" \
		"$tmp/user/open.txt" 2>"$tmp/stderr"
	same 'a file that may not be read: exit 1' 1 $?
	expect_in 'and why' "$tmp/stderr" 'locked.txt: Permission denied'
	same 'the others are added' 1 "$(count_of "$tmp/user/u.morgue")"
elif [ "$(id -u)" -ne 0 ]; then
	echo 'Locked' >"$tmp/locked.txt"
	chmod 000 "$tmp/locked.txt"
	"$indexer" add "$tmp/u.morgue" "$tmp/locked.txt" corpus/text/misc 2>"$tmp/stderr"
	same 'a file that may not be read: exit 1' 1 $?
	expect_in 'and why' "$tmp/stderr" 'locked.txt: Permission denied'
	same 'the others are added' 1 "$(count_of "$tmp/u.morgue")"
else
	for what in 'a file that may not be read: exit 1' 'and why' 'the others are added'; do
		skip "$what" 'root reads everything, and there is no setpriv'
	done
fi

# ---- which archive ----

(
	MORGUE=$tmp/env.morgue
	export MORGUE
	"$indexer" add -q corpus/text/misc
)
same 'MORGUE in the environment names the archive' 1 "$(count_of "$tmp/env.morgue")"
(
	MORGUE=$tmp/env.morgue
	export MORGUE
	"$indexer" add -q -a "$tmp/option.morgue" corpus/text/valley-post
)
same '-a overrides it' 2 "$(count_of "$tmp/option.morgue")"
same 'and leaves it alone' 1 "$(count_of "$tmp/env.morgue")"
"$indexer" -a "$tmp/option2.morgue" add -q corpus/text/misc
same 'options may stand before the command' 1 "$(count_of "$tmp/option2.morgue")"
"$indexer" add -q "$tmp/slash.morgue///" corpus/text/misc
same 'slashes after the name are harmless' 1 "$(count_of "$tmp/slash.morgue")"

expect 'a file is no archive' 3 "$indexer" add "$tmp/empty.txt" corpus/text/misc </dev/null
expect_in 'and said so' "$tmp/stderr" 'not an archive'
expect 'nor is a directory with other files' 3 "$indexer" add "$tmp/tree/a" corpus/text/misc </dev/null
expect_in 'and said so' "$tmp/stderr" 'other files'
same 'which stays as it is' 'x.txt' "$(ls -A "$tmp/tree/a")"
"$indexer" add -q "$tmp/void" corpus/text/misc
same 'an empty directory becomes one' 1 "$(count_of "$tmp/void")"
expect 'an archive where there is no directory for it' 3 "$indexer" add "$tmp/no/where.morgue" corpus/text/misc </dev/null
expect_in 'and said so' "$tmp/stderr" 'cannot make the archive'

# ---- what is fixed when it is made ----

"$indexer" add -q -l de "$tmp/de.morgue" corpus/text/misc
"$indexer" add -q -l en "$tmp/de.morgue" corpus/text/valley-post 2>"$tmp/stderr"
same 'another --lang later: exit 2' 2 $?
expect_in 'and said so' "$tmp/stderr" 'its words are stemmed as german'
same 'and nothing is added' 1 "$(count_of "$tmp/de.morgue")"
ok 'the same --lang later is fine' "$indexer" add -q -l german "$tmp/de.morgue" corpus/text/valley-post
ok 'and none at all' "$indexer" add -q "$tmp/de.morgue" corpus/text/valley-times
printf 'Die Wahlen\n\nDie Wählerinnen und Wähler in allen Städten.\n' >"$tmp/wahl.txt"
"$indexer" add -q --lang=german "$tmp/wahl.morgue" "$tmp/wahl.txt"
same 'words are stemmed in that language' 1 "$("$query" -c "$tmp/wahl.morgue" Wähler Stadt)"
"$indexer" add -q --lang none "$tmp/none2.morgue" corpus/text/valley-post
same 'none: no stems' '1 0' "$("$query" -c "$tmp/none2.morgue" ferries) $("$query" -c "$tmp/none2.morgue" ferrying)"
"$indexer" add -q --headline-weight 7 "$tmp/h.morgue" corpus/text/valley-post
"$indexer" add -q --headline-weight 2 "$tmp/h.morgue" corpus/text/misc 2>"$tmp/stderr"
same 'the headline weight is fixed' 2 $?
expect_in 'and said so' "$tmp/stderr" 'its headline words weigh 7'

# ---- stopped half-way ----

mkfifo "$tmp/fifo"

# Begin a run that has read corpus/text and one more article and waits for the next; its
# process in $pid, file descriptor 3 feeds it.
begin_run() {
	env --default-signal=INT "$indexer" add -q "$1" corpus/text "$tmp/fifo" 2>"$tmp/run.err" &
	pid=$!
	exec 3>"$tmp/fifo"
	echo '{"title":"Half a story","body":"halfway"}' >&3
	sleep 0.2
}

end_run() {
	wait "$pid" 2>"$tmp/wait.err"
	status=$?
	exec 3>&-
}

stopped=$tmp/stopped.morgue
"$indexer" add -q "$stopped" corpus/reuters
"$indexer" seal -q "$stopped"
begin_run "$stopped"
"$indexer" add "$stopped" corpus/jsonl 2>"$tmp/stderr"
same 'a second writer is refused' 3 $?
expect_in 'with the name of the first' "$tmp/stderr" "another indexer is writing to it (process $pid on "
same 'readers read on, without the open batch' 8 "$(count_of "$stopped")"
"$indexer" optimize --wait 60 "$stopped" 2>"$tmp/waiting" &
waiter=$!
tries=0
until grep -q waiting "$tmp/waiting" || [ "$tries" -eq 200 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
expect_in 'a third one waits, and says for whom' "$tmp/waiting" \
	": waiting for another indexer (process $pid on $(uname -n), indexer add, since "
kill -INT "$pid"
end_run
same 'Ctrl-C: exit 5' 5 "$status"
wait "$waiter"
same 'the one that waited goes on' 0 $?
expect_in 'and does its work' "$tmp/waiting" 'one segment already'
expect_in 'and what to do' "$tmp/run.err" 'run the same command again'
same 'nothing of the open batch is there' 8 "$(count_of "$stopped")"
same 'and no trace on disk' '00000001.seg catalog.db lock' "$(ls -A "$stopped" | tr '\n' ' ' | sed 's/ $//')"

begin_run "$stopped"
kill -KILL "$pid"
end_run
same 'kill -9: nothing of the open batch is there' 8 "$(count_of "$stopped")"
begin_run "$stopped"
kill -TERM "$pid"
end_run
same 'SIGTERM: exit 5' 5 "$status"

env --default-signal=INT "$indexer" add -q "$stopped" "$tmp/fifo" 2>"$tmp/run.err" &
pid=$!
until grep -q "process $pid " "$stopped/lock"; do sleep 0.05; done
kill -INT "$pid"
wait "$pid"
same 'Ctrl-C while a pipe waits to be opened: exit 5' 5 $?

"$indexer" add --again "$stopped" $input 2>"$tmp/stderr"
same 'the archive takes the same input again' '35 9' "$(row added) $(row 'already there')"
same 'and answers' 43 "$(count_of "$stopped")"
ok 'its index is sound' "$indexer" verify "$stopped"
same 'a segment and the tail, no trace' '00000001.seg catalog.db lock' \
	"$(ls -A "$stopped" | tr '\n' ' ' | sed 's/ $//')"

# What a killed writer may leave goes with the next one; what is somebody else's stays.
echo x >"$stopped/00000099.seg"
echo x >"$stopped/00000100.seg.tmp"
echo x >"$stopped/notes.seg"
ok 'the next writer takes the archive' "$indexer" add -q "$stopped" corpus/reuters
same 'and sweeps orphans, nothing else' '00000001.seg catalog.db lock notes.seg' \
	"$(ls -A "$stopped" | tr '\n' ' ' | sed 's/ $//')"
"$query" --json -n 100 "$stopped" 'dam OR strike' | sed 's/"id":[0-9]*/"id":0/' >"$tmp/after"
"$query" --json -n 100 "$archive" 'dam OR strike' | sed 's/"id":[0-9]*/"id":0/' >"$tmp/before"
ok 'a segment and the tail answer as one segment does, scores and all' cmp "$tmp/before" "$tmp/after"

finish
