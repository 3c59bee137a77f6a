#!/bin/sh
# indexer dump: the segments' bytes in the words of docs/FORMAT.md.
. tests/lib.sh
make_corpus sealed

golden=tests/golden/dump.txt
{
	"$indexer" dump "$corpus"
	"$indexer" dump "$corpus" sanctions COVID-19 title:dam
	"$indexer" dump --raw --blocks 1 "$corpus" '\x02s' | head -n 12
} >"$tmp/actual" 2>"$tmp/stderr"
ok 'the bundled articles, as in tests/golden/dump.txt' diff "$golden" "$tmp/actual"
"$indexer" dump "$corpus" title:dam >"$tmp/first"
"$indexer" dump --headline "$corpus" dams >"$tmp/second"
ok '--headline is title:' cmp "$tmp/first" "$tmp/second"
"$indexer" dump --raw "$corpus" '\x01dam' >"$tmp/second"
ok 'and a term under its reserved byte' cmp "$tmp/first" "$tmp/second"
"$indexer" dump "$corpus" dam >"$tmp/first"
"$indexer" dump --raw "$corpus" dam >"$tmp/second"
ok 'a stem as it is' cmp "$tmp/first" "$tmp/second"
"$indexer" dump --raw "$corpus" dams >"$tmp/actual" 2>"$tmp/stderr"
same 'no stem: exit 1' 1 $?
expect_in 'and said so' "$tmp/stderr" 'no segment has such a term'

# What it prints is what queries find: every article, every occurrence.
for word in dam port strike gates; do
	"$indexer" dump "$corpus" "$word" >"$tmp/list"
	same "$word: its articles" "$("$query" -l -n 100 "$corpus" "$word" | sort)" \
		"$(sed -n 's/^      doc [0-9]*  article \([0-9]*\)  freq .*/\1/p' "$tmp/list" | sort)"
	same "$word: df" "$("$query" -c "$corpus" "$word")" "$(sed -n 's/^  df \([0-9]*\) .*/\1/p' "$tmp/list")"
	same "$word: occurrences are positions, and the counts of its forms" \
		"$(sed -n 's/^  df .*occurrences \([0-9]*\) .*/\1 \1/p' "$tmp/list")" \
		"$(awk '/ position\/form /{ n += NF - 3 } / position /{ n += NF - 3 } $1 == "form" && $2 ~ /^[0-9]/ { f += $NF; some = 1 }
			END { print n, some ? f : n }' "$tmp/list")"
done

# A list of several blocks and chunks.
i=0
while [ $i -lt 300 ]; do
	echo "{\"title\":\"t$i\",\"body\":\"strike strike strike Strikes\"}"
	i=$((i + 1))
done >"$tmp/many.jsonl"
"$indexer" add -q "$tmp/many.morgue" "$tmp/many.jsonl"
"$indexer" dump "$tmp/many.morgue" strike >"$tmp/list"
same 'blocks of 128' '128 128 44' "$(sed -n 's/^    block .*postings \([0-9]*\) .*/\1/p' "$tmp/list" | tr '\n' ' ' | sed 's/ $//')"
same 'a run, and what the best 10 and 100 reach' '4, 4 run 0' \
	"$(sed -n 's/^    top 100*  (\([0-9]*\), .*/\1/p; s/^    \(run 0\) .*/\1/p' "$tmp/list" | tr '\n' ' ' | sed 's/ /, /; s/ $//')"
same 'chunks of 128 occurrences' 10 "$(grep -c '^    chunk ' "$tmp/list")"
"$indexer" dump --blocks 1 "$tmp/many.morgue" strike >"$tmp/list"
same '--blocks leaves the others out' '1 128 4' "$(grep -c '^    block ' "$tmp/list") $(grep -c '^      doc .* freq' "$tmp/list") $(grep -c '^    chunk ' "$tmp/list")"
expect_in 'and says so' "$tmp/list" 'blocks from 1 on: left out (--blocks)'

# Damage: a refusal or the same answer, never another one.
size=$(wc -c <"$corpus/00000001.seg")
"$indexer" dump "$corpus" dam strike >"$tmp/right"
wrong=0 refused=0 at=300
while [ "$at" -lt "$size" ]; do
	rm -rf "$tmp/bad.morgue"
	cp -R "$corpus" "$tmp/bad.morgue"
	byte=$(od -An -tu1 -j "$at" -N 1 "$tmp/bad.morgue/00000001.seg" | tr -d ' ')
	printf "\\$(printf %03o $((byte ^ 16)))" | dd of="$tmp/bad.morgue/00000001.seg" bs=1 seek="$at" conv=notrunc 2>"$tmp/dd"
	"$indexer" dump "$tmp/bad.morgue" dam strike >"$tmp/actual" 2>"$tmp/stderr"
	case $? in
	0) cmp -s "$tmp/right" "$tmp/actual" || wrong=$((wrong + 1)) ;;
	3) refused=$((refused + 1)); grep -q '00000001.seg: ' "$tmp/stderr" || wrong=$((wrong + 1)) ;;
	*) wrong=$((wrong + 1)) ;;
	esac
	at=$((at + size / 12 + 1))
done
same 'a changed byte is refused or not looked at' 0 "$wrong"
ok 'most are noticed' test "$refused" -gt 5

"$indexer" dump "$corpus" "$(printf 'a\033[31m\302\233b\342\200\256')" >"$tmp/actual" 2>"$tmp/stderr"
"$indexer" dump --raw "$corpus" "$(printf 'a\033[31m\302\233b\342\200\256')" >>"$tmp/actual" 2>>"$tmp/stderr"
if unsafe "$tmp/actual" "$tmp/stderr"; then report 1 'nothing drives the terminal'; else report 0 'nothing drives the terminal'; fi

finish
