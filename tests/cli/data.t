#!/bin/sh
# Real collections, where they are at hand: MORGUE_DATA, or ../shared/data.
. tests/lib.sh
data=${MORGUE_DATA:-../shared/data}
archive=$tmp/a.morgue

# have FOLDER CHECKS: it is there; else each check is skipped.
have() {
	[ -e "$data/$1" ] && return
	number=0
	while [ "$number" -lt "$2" ]; do
		number=$((number + 1))
		skip "$1 $number" "no $data/$1"
	done
	return 1
}

row() {
	sed -n "s/^  $1  *\([0-9,]*\).*/\1/p" "$tmp/stderr"
}

# ---- the page this began with ----

if have seed 12; then
	"$indexer" add -q "$archive" "$data/seed" 2>"$tmp/stderr"
	same 'the page is found by a name in it' 1 "$("$query" -c "$archive" APT31)"
	same 'and by a phrase' 1 "$("$query" -c "$archive" '"epoch-defining challenge"')"
	same 'and not by what a teaser on it is about' 0 "$("$query" -c "$archive" Elden Ring)"
	same 'nor by its share button' 0 "$("$query" -c "$archive" '"You May Also Like"')"
	for question in '*' APT31 '"epoch-defining challenge"' hackers 'China government' sanctions 'US UK' minister; do
		"$query" "$archive" "$question" >"$tmp/actual"
		ok "no furniture in the snippet for $question" sh -c \
			'! grep -qE "Share this|Unlock the|You May Also Like|Elden|Editor.s Digest" "$1"' sh "$tmp/actual"
	done
	rm -rf "$archive"
fi

# ---- Reuters-21578 ----

if have reuters21578 7; then
	"$indexer" add "$archive" "$data/reuters21578" 2>"$tmp/stderr"
	same 'Reuters: nothing is rejected' 0 "$(row rejected)"
	same 'all records become articles' 21578 "$("$query" -c "$archive" '*')"
	same 'all with a date' 0 "$("$query" -c "$archive" date:none)"
	same 'from' 1987-02-26 "$("$query" --json -n 1 -s oldest "$archive" '*' | sed -n 's/.*"date":"\(.\{10\}\).*/\1/p')"
	same 'to' 1987-10-20 "$("$query" --json -n 1 -s newest "$archive" '*' | sed -n 's/.*"date":"\(.\{10\}\).*/\1/p')"
	"$query" "$archive" cocoa bahia >"$tmp/actual"
	expect_in 'cocoa bahia finds it' "$tmp/actual" 'BAHIA COCOA REVIEW'
	ok 'its index is sound' "$indexer" verify "$archive"
	rm -rf "$archive"
fi

# ---- BBC: a file an article ----

if have bbc 4; then
	"$indexer" add "$archive" "$data/bbc/business" "$data/bbc/entertainment" "$data/bbc/politics" "$data/bbc/sport" \
		"$data/bbc/tech" 2>"$tmp/stderr"
	same 'BBC: exit status 0' 0 $?
	same 'added' 2,127 "$(row added)"
	same 'exact copies' 98 "$(row 'already there')"
	same 'rejected' 0 "$(row rejected)"
	rm -rf "$archive"
fi

# ---- a modern scrape ----

if [ -z "${MORGUE_TEST_LONG:-}" ]; then
	for number in 1 2 3 4; do
		skip "modern $number" 'takes half a minute; MORGUE_TEST_LONG=1 runs it'
	done
elif have modern 4; then
	"$indexer" add "$archive" "$data/modern/articles.jsonl.gz" 2>"$tmp/stderr"
	same 'modern: added' 37,554 "$(row added)"
	same 'rejected' 0 "$(row rejected)"
	same 'without a date' 3845 "$("$query" -c "$archive" date:none)"
	ok 'its index is sound' "$indexer" verify "$archive"
fi

finish
