#!/bin/sh
# Whatever goes wrong while articles get newer texts: each has its old text or its new one, index and all, the
# whole file or none of it, and the next run brings the rest.
. tests/lib.sh

need_interpose

base=$tmp/base.morgue
archive=$tmp/a.morgue
story() { printf '{"id":"%s","source":"Post","title":"Report %s","body":"It has an %s text, which speaks of dams."}\n' "$1" "$1" "$2"; }
for id in a b c d e f g h i j k l; do story "$id" old; done >"$tmp/old.jsonl"
{
	story a new
	story b middling
	story m new
	story b new
} >"$tmp/new.jsonl"
"$indexer" add -q "$base" "$tmp/old.jsonl"
ok 'sound to begin with' "$indexer" verify -q "$base"

# Newer texts for a fresh copy.
attempt() {
	rm -rf "$archive"
	cp -R "$base" "$archive"
	fault "$indexer" add "$archive" "$tmp/new.jsonl"
}

# Articles with an old, a middling, a new text, and all.
found() {
	for word in old middling new dams; do printf '%s ' "$("$query" -c "$archive" "$word" 2>"$tmp/query.err")"; done
}

judge() {
	case $status in
	0 | 3 | 5 | 137) ;;
	*) bad 'an exit status of its own' ;;
	esac
	now=$(found)
	case $now in
	'12 0 0 12 ') [ "$status" -ne 0 ] || bad 'exit 0, and nothing is new' ;;
	'10 0 3 13 ') ;;
	*) bad "found: $now" ;;
	esac
	"$indexer" verify --deep -q "$archive" 2>"$tmp/again.err" || bad 'verify finds fault'
	"$indexer" add -q "$archive" "$tmp/new.jsonl" 2>"$tmp/again.err" || bad 'the next run fails'
	[ "$(found)" = '10 0 3 13 ' ] || bad "the next run does not bring the rest: $(found)"
	"$indexer" verify --deep -q "$archive" 2>"$tmp/again.err" || bad 'verify finds fault after the next run'
	[ "$("$query" show --json "$archive" 2 2>"$tmp/query.err" | sed 's/.*"revisions"://')" = '[1,2,3]}' ] || bad 'revisions are not three'
	[ "$("$query" show --revision 1 "$archive" 2 2>"$tmp/query.err" | grep -c 'an old text')" = 1 ] || bad 'the old text is gone'
}

often=$(every 11)
path=$archive stays=
fault_loop 'the n-th call fails' "$changes" EIO whole "$often"
fault_loop 'a signal at the n-th call' "$changes" INT whole "$often"
fault_loop 'killed at the n-th call' "$changes" KILL whole "$often"
stays=1
fault_loop 'the disk is full from the n-th call on' "$changes" ENOSPC whole "$often"
path= stays=
fault_loop 'no memory at the n-th time' memory ENOMEM whole '* 2 + 3'

finish
