#!/bin/sh
# MORGUE_TRACE: a line a phase, then a line a step, on standard error and in one shape.
. tests/lib.sh
make_corpus

# shaped NAME FILE: every line is "morgue: what [N docs] [S s] [M MiB] [name]".
shaped() {
	grep '^morgue: ' "$2" | grep -vE '^morgue: [a-z]+ +([0-9]+ docs)? *([0-9]+\.[0-9]{6} s)? *([0-9]+\.[0-9]{3} MiB)?(  [^ ].*)?$' >"$tmp/odd"
	same "$1" '' "$(cat "$tmp/odd")"
}

phases() {
	sed -n 's/^morgue: \([a-z]*\).*/\1/p' "$1" | tr '\n' ' '
}

for off in '' 0; do
	MORGUE_TRACE=$off "$query" "$corpus" dam >"$tmp/plain" 2>"$tmp/stderr"
	same "MORGUE_TRACE='$off': nothing" '' "$(cat "$tmp/stderr")"
done
MORGUE_TRACE=1 "$query" "$corpus" dam >"$tmp/actual" 2>"$tmp/trace"
same 'with a trace: exit 0' 0 $?
ok 'and the same answer' cmp "$tmp/plain" "$tmp/actual"
same 'a line a phase' 'start open parse plan rank load snippet close print total ' "$(phases "$tmp/trace")"
shaped 'in one shape' "$tmp/trace"
ok 'with the number of articles' grep -qE '^morgue: rank +11 docs' "$tmp/trace"
ok 'times add up to the whole' awk '{ for (i = 2; i <= NF; i++) if ($i == "s") t = $(i - 1) }
	$2 == "total" { whole = t; next } { sum += t }
	END { off = sum - whole; exit !(whole > 0 && off < 0.00002 && off > -0.00002) }' "$tmp/trace"

MORGUE_TRACE=2 "$query" "$corpus" dam 'resign*' '"water board"' COVID-19 >"$tmp/actual" 2>"$tmp/trace"
same 'a line a word, then a segment' 'word prefix phrase readings phrase word segment ' "$(phases "$tmp/trace" | sed 's/start.*//')"
shaped 'in the same shape' "$tmp/trace"
ok 'with what the word weighs' grep -qE '^morgue: word +11 docs +dam  weight 1\.[0-9]{6}$' "$tmp/trace"

MORGUE_TRACE=1 "$indexer" add -j 1 "$tmp/new.morgue" corpus/text corpus/jsonl >"$tmp/actual" 2>"$tmp/trace"
same 'indexer: a line a phase' \
	'start read extract recognise analyze compress catalog invert tail commit checkpoint total ' "$(phases "$tmp/trace")"
shaped 'in the same shape' "$tmp/trace"
ok 'articles that are there already are read, and not analyzed' sh -c '
	grep -qE "^morgue: read +36 docs" "$1" && grep -qE "^morgue: analyze +35 docs" "$1"' sh "$tmp/trace"
# As many threads as there are processors that it may use: one alone prepares nothing ahead.
if processors=$(taskset -pc $$ 2>/dev/null); then
	MORGUE_TRACE=1 taskset -c "$(echo "$processors" | sed 's/.*: *\([0-9]*\).*/\1/')" \
		"$indexer" add "$tmp/bound.morgue" corpus/text corpus/jsonl >"$tmp/actual" 2>"$tmp/trace"
	ok 'on one processor of several it works alone' grep -qE '^morgue: analyze +35 docs' "$tmp/trace"
else
	skip 'on one processor of several it works alone' 'no taskset'
fi
MORGUE_TRACE=1 "$indexer" add -j 3 "$tmp/three.morgue" corpus/text corpus/jsonl >"$tmp/actual" 2>"$tmp/trace"
same 'of several threads together' \
	'start read extract recognise analyze compress catalog invert tail commit checkpoint total ' "$(phases "$tmp/trace")"
ok 'with what all of them did' grep -qE '^morgue: read +36 docs' "$tmp/trace"
MORGUE_TRACE=2 "$indexer" add "$tmp/two.morgue" corpus/jsonl >"$tmp/actual" 2>"$tmp/trace"
same 'a line a file and a batch' 'file file file batch ' "$(phases "$tmp/trace" | sed 's/start.*//')"
ok 'with its name' grep -qE '^morgue: file +4 docs .* corpus/jsonl/feed.jsonl.gz$' "$tmp/trace"
ok 'and the tail' grep -qE '^morgue: batch +19 docs .* tail$' "$tmp/trace"
shaped 'in the same shape' "$tmp/trace"

MORGUE_TRACE=1 "$query" "$tmp/nowhere" dam >"$tmp/actual" 2>"$tmp/trace"
same 'an error is traced too' 3 $?
same 'up to where it came' 'start open total ' "$(phases "$tmp/trace")"

mkdir "$tmp/evil"
printf 'x\n\nvictim body\n' >"$tmp/evil/$(printf 'a\033[31m\302\233\342\200\256.txt')"
MORGUE_TRACE=2 "$indexer" add -q "$tmp/evil.morgue" "$tmp/evil" 2>"$tmp/trace"
ok 'a hostile name is made safe' sh -c '! LC_ALL=C grep -q "[[:cntrl:]]" "$1"' sh "$tmp/trace"
MORGUE_TRACE=2 "$query" "$tmp/evil.morgue" "$(printf 'vic\033[31m \342\200\256tim')" >"$tmp/actual" 2>"$tmp/trace"
if unsafe "$tmp/trace"; then report 1 'and so is a question'; else report 0 'and so is a question'; fi

finish
