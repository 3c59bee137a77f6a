#!/bin/sh
# Archives that are damaged, of another version, or may not be written: a sentence and exit 3, never a wrong hit.
. tests/lib.sh
make_corpus sealed

archive=$tmp/a.morgue
segment=$archive/00000001.seg

fresh() {
	rm -rf "$archive"
	cp -R "$corpus" "$archive"
}

# refused NAME TEXT COMMAND...: exit 3, the text on standard error, and no hit.
refused() {
	name=$1
	text=$2
	shift 2
	"$@" >"$tmp/actual" 2>"$tmp/stderr"
	status=$?
	[ "$status" -eq 3 ] && [ ! -s "$tmp/actual" ] && grep -qF -- "$text" "$tmp/stderr"
	ended=$?
	report "$ended" "$name"
	[ "$ended" -eq 0 ] || { echo "# exit status $status"; sed 's/^/# /' "$tmp/stderr" "$tmp/actual" | head -n 5; }
}

# flip FILE OFFSET: change one byte.
flip() {
	byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
	printf "\\$(printf %03o $((byte ^ 16)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>"$tmp/dd"
}

ok 'an archive that is sound is verified' "$indexer" verify "$corpus"
expect_in 'and said so' "$tmp/ok.out" 'every byte of its 1 segment is as it was written'

# ---- a changed byte ----

size=$(wc -c <"$corpus/00000001.seg")
"$query" -n 50 "$corpus" 'dam OR strike OR "interest rates" OR resign*' >"$tmp/right"
wrong=0 refusals=0 missed=0 mute=0 at=0
while [ "$at" -lt "$size" ]; do
	fresh
	flip "$segment" "$at"
	"$query" -n 50 "$archive" 'dam OR strike OR "interest rates" OR resign*' >"$tmp/actual" 2>"$tmp/stderr"
	case $? in
	0) cmp -s "$tmp/right" "$tmp/actual" || wrong=$((wrong + 1)) ;;
	3) refusals=$((refusals + 1)); [ ! -s "$tmp/actual" ] && grep -q 'seg' "$tmp/stderr" || mute=$((mute + 1)) ;;
	*) wrong=$((wrong + 1)) ;;
	esac
	"$indexer" verify -q "$archive" 2>"$tmp/stderr"
	[ $? -eq 3 ] || missed=$((missed + 1))
	at=$((at + size / 40 + 1))
done
same 'a changed byte never makes a wrong answer' 0 "$wrong"
same 'the refusal names the segment, and no hit is printed' 0 "$mute"
ok 'most are noticed by the search' test "$refusals" -gt 10
same 'verify notices each' 0 "$missed"

fresh
rm "$segment"
ok 'without its segment an article can still be read' "$query" show "$archive" 1
fresh
flip "$segment" 0
refused 'another kind of file as segment' '00000001.seg' "$query" "$archive" dam
for keep in 0 10 100 4096 $((size / 2)) $((size - 1)); do
	fresh
	head -c "$keep" "$corpus/00000001.seg" >"$segment"
	refused "a segment cut to $keep bytes" '00000001.seg' "$query" "$archive" dam
done
fresh
cat "$corpus/00000001.seg" >>"$segment"
refused 'a segment that has grown' '00000001.seg' "$query" "$archive" dam
fresh
rm "$segment"
refused 'a segment that is gone' '00000001.seg' "$query" "$archive" dam
refused 'is missed by verify too' '00000001.seg' "$indexer" verify "$archive"
fresh
"$indexer" add -q "$tmp/other.morgue" corpus/reuters
"$indexer" seal -q "$tmp/other.morgue"
cp "$tmp/other.morgue/00000001.seg" "$segment"
refused "another archive's segment" '00000001.seg' "$query" "$archive" dam
mkdir "$tmp/dir"
fresh
rm "$segment"
mkdir "$segment"
refused 'a directory as segment' '00000001.seg' "$query" "$archive" dam

# ---- the catalog ----

fresh
echo 'not a database, whatever its name says' >"$archive/catalog.db"
refused 'a catalog that is no database' 'catalog.db' "$query" "$archive" dam
refused 'is not added to' 'catalog.db' "$indexer" add -q "$archive" corpus/text
same 'nor overwritten' 'not a database, whatever its name says' "$(cat "$archive/catalog.db")"
fresh
: >"$archive/catalog.db"
refused 'an empty catalog' "catalog.db: empty, the making of the archive was cut short; 'indexer add' completes it" \
	"$query" "$archive" dam
ok 'is completed' "$indexer" add -q "$archive" corpus/text
same 'and answers' 16 "$("$query" -c "$archive" '*')"
fresh
head -c 20000 "$corpus/catalog.db" >"$archive/catalog.db"
refused 'a catalog cut short' 'catalog' "$query" "$archive" dam
if command -v sqlite3 >"$tmp/which"; then
	fresh
	sqlite3 "$archive/catalog.db" 'PRAGMA user_version = 99'
	cksum "$archive/catalog.db" "$segment" >"$tmp/before"
	newer='a newer program wrote it (catalog version 99, this program'
	refused 'a catalog of a newer version' "$newer" "$query" "$archive" dam
	refused 'is not added to' "$newer" "$indexer" add -q "$archive" corpus/text
	refused 'nor verified' "$newer" "$indexer" verify "$archive"
	cksum "$archive/catalog.db" "$segment" >"$tmp/after"
	ok 'and left as it is' cmp "$tmp/before" "$tmp/after"
	fresh
	sqlite3 "$archive/catalog.db" 'PRAGMA user_version = 3'
	older='an older program wrote it (catalog version 3, this program'
	refused 'a catalog of an older version' "$older" "$query" "$archive" dam
	refused 'is not added to either' "$older" "$indexer" add -q "$archive" corpus/text
	fresh
	sqlite3 "$archive/catalog.db" "UPDATE setting SET value = '99' WHERE name = 'analyzer'"
	refused 'words cut by newer rules' 'a newer program wrote it (its analyzer has version 99' "$query" "$archive" dam
	refused 'are not added to' 'a newer program wrote it' "$indexer" add -q "$archive" corpus/text
	fresh
	sqlite3 "$archive/catalog.db" 'DELETE FROM setting'
	refused 'no settings' "the making was cut short; 'indexer add' completes it" "$query" "$archive" dam
	ok 'are completed' "$indexer" add -q "$archive" corpus/text
	same 'and it answers' 11 "$("$query" -c "$archive" dam)"
	fresh
	sqlite3 "$archive/catalog.db" 'PRAGMA application_id = 7'
	refused "another program's database" 'catalog.db' "$query" "$archive" dam
	rm "$archive/lock"
	refused 'is not added to' 'catalog.db' "$indexer" add -q "$archive" corpus/text
	ok 'and no lock is left in its directory' test ! -e "$archive/lock"
else
	for what in 'a catalog of a newer version' 'is not added to' 'nor verified' 'and left as it is' 'words cut by newer rules' \
		'are not added to' 'no settings' 'are completed' 'and it answers' "another program's database" 'is not added to' \
		'and no lock is left in its directory'; do
		skip "$what" 'no sqlite3'
	done
fi

# ---- moved, copied, read-only ----

fresh
mv "$archive" "$tmp/moved.morgue"
same 'an archive may be moved' "$("$query" --json "$corpus" dam)" "$("$query" --json "$tmp/moved.morgue" dam)"
rm "$tmp/moved.morgue/lock"
same 'its lock may be lost' 11 "$("$query" -c "$tmp/moved.morgue" dam)"
: >"$tmp/moved.morgue/00000009.seg"
: >"$tmp/moved.morgue/00000007.seg.tmp"
same 'what a killed writer left behind disturbs no reader' 11 "$("$query" -c "$tmp/moved.morgue" dam)"
"$indexer" add -q "$tmp/moved.morgue" corpus/text
same 'and the next writer removes it' '00000001.seg catalog.db lock' "$(ls -A "$tmp/moved.morgue" | tr '\n' ' ' | sed 's/ $//')"

# someone COMMAND...: without root's rights.
if [ "$(id -u)" -ne 0 ]; then
	someone() { "$@"; }
elif command -v setpriv >"$tmp/which"; then
	someone() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
else
	someone() { return 99; }
fi
fresh
chmod 755 "$tmp"
chmod -R a-w,a+rX "$archive"
if someone "$query" -c "$archive" dam >"$tmp/actual" 2>"$tmp/stderr" || [ $? -ne 99 ]; then
	same 'an archive that may only be read answers' 11 "$(cat "$tmp/actual")"
	same 'and is left as it is' '00000001.seg catalog.db lock' "$(ls -A "$archive" | tr '\n' ' ' | sed 's/ $//')"
	refused 'and is not added to' 'Permission denied' someone "$indexer" add -q "$archive" corpus/text
	chmod 000 "$segment"
	refused 'a segment that may not be read' 'Permission denied' someone "$query" "$archive" dam
	chmod 000 "$archive"
	refused 'an archive that may not be looked into' 'a.morgue' someone "$query" "$archive" dam
	chmod 755 "$archive"
else
	for what in 'an archive that may only be read answers' 'and is left as it is' 'and is not added to' \
		'a segment that may not be read' 'an archive that may not be looked into'; do
		skip "$what" 'root may do everything, and there is no setpriv'
	done
fi
chmod -R u+w "$archive"

# A writer that was killed has left a log: where SQLite may make no index of it, that is said, with the way out.
interpose=$PWD/$BUILD/tests/fault/interpose.so
fresh
case $BUILD in *address* | *thread* | *memory* | *undefined*) interpose= ;; esac
printf 'Late\n\nA late article about the dam.\n' >"$tmp/late.txt"
if [ -e "${interpose:-/none}" ] && someone true; then
	LD_PRELOAD=$interpose FAULT_CALLS=truncate FAULT_DO=KILL FAULT_AT=1 FAULT_PATH=catalog.db-wal \
		"$indexer" add -q "$archive" "$tmp/late.txt" 2>"$tmp/stderr"
	rm -f "$archive/catalog.db-shm"
	chmod -R a-w,a+rX "$archive"
	log='changes wait in'
	refused 'a log that may not be read' "$log" someone "$query" "$archive" dam
	refused 'nor shown from' "$log" someone "$query" show "$archive" 1
	refused 'nor verified' "$log" someone "$indexer" verify "$archive"
	expect_in 'it says what helps' "$tmp/stderr" "let 'indexer stats' read it once where it can be"
	chmod -R u+w "$archive"
	ok 'which is done' "$indexer" stats "$archive"
	chmod -R a-w "$archive"
	same 'then it is read' 12 "$(someone "$query" -c "$archive" dam)"
	chmod -R u+w "$archive"
else
	for what in 'a log that may not be read' 'nor shown from' 'nor verified' 'it says what helps' 'which is done' 'then it is read'; do
		skip "$what" 'no other user, or no library that makes calls fail'
	done
fi

# ---- what the program is made of ----

if command -v readelf >"$tmp/which"; then
	readelf -d "$query" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
		grep -vE '^(libsqlite3|libstemmer|libzstd|libutf8proc|libm|libc|ld-linux[a-z0-9-]*|libasan|libubsan|libgcc_s)\.so' >"$tmp/actual"
	same 'query links no library that it should not' '' "$(cat "$tmp/actual")"
else
	skip 'query links no library that it should not' 'no readelf'
fi

finish
