#!/bin/sh
# Readers in a loop while a writer adds, optimizes, rebuilds: each answer is, to the byte, that of the archive
# after one of the commits; nobody fails; SQLite's log stays short.
. tests/lib.sh

archive=$tmp/a.morgue
steps=12
[ -z "${MORGUE_TEST_LONG:-}" ] || steps=400
"$indexer" add -q "$archive" corpus/text corpus/jsonl 2>"$tmp/stderr"
mkdir "$tmp/states" "$tmp/seen"

# answer: everything about a question, scores and snippets too. Its name is its checksum.
answer() { "$query" --json -n 100 "$archive" 'dam OR late OR "interest rates"' >"$1" 2>&1; }
keep() {
	answer "$tmp/state"
	mv "$tmp/state" "$tmp/states/$(cksum <"$tmp/state" | cut -d ' ' -f 1)"
}

# Two readers: each keeps what it sees, from before the first commit to after the last.
look() {
	answer "$tmp/read.$1"
	mv "$tmp/read.$1" "$tmp/seen/$(cksum <"$tmp/read.$1" | cut -d ' ' -f 1)"
}
reader() {
	look "$1"
	: >"$tmp/begun.$1"
	until [ -e "$tmp/written" ]; do look "$1"; done
	look "$1"
}
keep
first=$(tail -n 1 "$tmp/states"/* | grep -o '"total":[0-9]*' | sed 's/.*://')
reader 1 &
reader 2 &
until [ -e "$tmp/begun.1" ] && [ -e "$tmp/begun.2" ]; do sleep 0.05; done

# The archive is made to look as if it had been at rest for long: then readers take no locks.
rest() { touch -d '2 hours ago' "$archive/catalog.db" 2>"$tmp/touch.err"; }

n=0 longest=0
while [ "$n" -lt "$steps" ]; do
	n=$((n + 1))
	printf 'Late %s\n2020-01-02\n\nA late article, number %s, says that the dam held.\n' "$n" "$n" >"$tmp/n.txt"
	"$indexer" add -q "$archive" "$tmp/n.txt" || echo 'add failed'
	keep
	case $((n % 4)) in
	0) "$indexer" optimize -q "$archive" || echo 'optimize failed' ;;
	1) rest ;;
	2) "$indexer" rebuild -q "$archive" || echo 'rebuild failed' ;;
	esac
	log=$(cat "$archive/catalog.db-wal" 2>"$tmp/cat.err" | wc -c)
	[ "$log" -le "$longest" ] || longest=$log
done >"$tmp/writes" 2>&1
: >"$tmp/written"
wait
same 'who writes is not hindered by those who read' '' "$(cat "$tmp/writes")"
ls "$tmp/states" >"$tmp/states.list"
ls "$tmp/seen" >"$tmp/seen.list"
same 'each answer is that of a commit' '' "$(comm -13 "$tmp/states.list" "$tmp/seen.list")"
ok 'they saw several' test "$(wc -l <"$tmp/seen.list")" -ge 2
ok "the log has stayed short: $longest bytes at most" test "$longest" -lt 2000000
ok 'the archive is sound' "$indexer" verify --deep "$archive"
answer "$tmp/state"
same 'all that was added is found' "\"total\":$((first + steps))" "$(tail -n 1 "$tmp/state" | grep -o '"total":[0-9]*')"

# ---- nothing is made beside an archive at rest ----

if rest; then
	chmod 555 "$archive"
	same 'one at rest answers' "$(tail -n 1 "$tmp/state")" "$(answer "$tmp/again" && tail -n 1 "$tmp/again")"
	chmod 755 "$archive"
	same 'and has no log' '' "$(ls "$archive" | grep -- '-')"
else
	skip 'one at rest answers' 'touch does not know -d'
	skip 'and has no log' 'touch does not know -d'
fi

finish
