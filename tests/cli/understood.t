#!/bin/sh
# How a question is understood (--explain), and what is said where it finds nothing.
. tests/lib.sh
make_corpus

# ---- the manual's examples that show what is printed ----

awk '/^    \$ query / && !/ # [0-9]+ article/ { n++; print substr($0, 13) >(dir "/ask." n); shown = dir "/shown." n; next }
	/^[^ ]/ { shown = "" }
	shown && /^$/ { blank++; next }
	shown { for (; blank; blank--) print "" >shown; print substr($0, 5) >shown }
	{ blank = 0 }' dir="$tmp" docs/QUERY.md
for ask in "$tmp"/ask.*; do
	eval "set -- $(sed 's|corpus\.morgue|"$corpus"|' "$ask")"
	"$query" "$@" >"$tmp/actual" 2>&1
	ok "docs/QUERY.md: $(cat "$ask")" diff "$tmp/shown.${ask##*.}" "$tmp/actual"
done
ok 'there are some' test -f "$tmp/ask.2"

# ---- --explain ----

expect 'branches, weights, dates, words that differ from what was asked' 0 \
	"$query" --explain "$corpus" 'COVID-19 OR (dam -title:levy date:2019..)^2' <<'END'
read as  COVID-19 OR (dam -title:levy date:2019..)^2

  articles  part
         9  any of:
         2      COVID-19
         8      all of: weight 2
        11          dam
        42          without:
         1              title:levy: levi
        14          date:2019..
END
expect 'what a star stands for' 0 "$query" --explain "$corpus" 'reser*' <<'END'
read as  reser*

  articles  part
        10  reser*: reservoir
END
expect 'nothing to search for' 1 "$query" --explain "$corpus" '()' <<'END'
read as  nothing
END
expect 'in another dialect: what it is in ours' 0 "$query" --explain --dialect lexis "$corpus" 'tarn edge or levy' <<'END'
read as  ~"tarn edge" OR levy

  articles  part
        12  any of:
        12      ~"tarn edge"
         5      levy: levi
END
"$query" --explain -F "$corpus" "dam$(printf '\033')[31m" >"$tmp/actual"
ok 'no control character comes through' sh -c '! LC_ALL=C grep -q "$(printf "\033")" "$1"' sh "$tmp/actual"
"$query" --json --explain "$corpus" 'dam -levy' >"$tmp/actual"
expect_in 'JSON: the tree' "$tmp/actual" '{"part":"not","asked":"-levy","place":[4,9],"matches":38,"stands_for":0,"terms":[],"parts":[{"part":"word"'
"$query" --json --explain "$corpus" '' >"$tmp/actual"
expect_in 'JSON: nothing' "$tmp/actual" '"read_as":null,"tree":null,"name":null}'
expect 'a batch: each question' 0 sh -c 'printf "dam\nx\tlevy\n" | "$1" --explain --batch - "$2"' sh "$query" "$corpus" <<'END'
==> dam <==
read as  dam

  articles  part
        11  dam

==> x: levy <==
read as  levy

  articles  part
         5  levy: levi
END
for type in understood no_hits; do
	ok "the manual lists the members of $type" grep -q "^| \`$type\` | type" docs/OUTPUT.md
done

# ---- where nothing is found ----

# said NAME TEXT QUESTION...: among the notes.
said() {
	name=$1
	text=$2
	shift 2
	"$query" "$corpus" "$@" >"$tmp/actual" 2>"$tmp/stderr"
	expect_in "$name" "$tmp/stderr" "$text"
}

said 'each part by itself' 'nothing is found; each part by itself: dam 11, date:1901 0' dam date:1901
said 'the nearest spelling' 'leevy is in no article; did you mean levy (5)?' dam leevy
said 'and the question with it' 'note: 5 articles: dam levy' dam leevy
"$query" --json "$corpus" leevy >"$tmp/actual"
expect_in 'the same as JSON' "$tmp/actual" '"spellings":[{"word":"leevy","instead":[{"word":"levy","edits":1,"articles":5}]}],"changes":[{"query":"levy","matches":5}]'
said 'without the filter' 'note: 11 articles: dam' dam date:1901
said 'as it is written: in any form' 'note: 15 articles: GATES' =GATES
said 'a phrase: in any form' 'note: 3 articles: ~"interest rate"' '"interest rate"'
said 'in the headline: anywhere' 'note: 1 article: levy school' title:levy school
said 'two parts that are nowhere' 'note: 11 articles: dam' dam xyzzy plugh
said 'parts that are never together: any of them' 'note: 19 articles: dam OR strike' dam strike
"$query" "$corpus" dam >"$tmp/actual" 2>"$tmp/stderr"
same 'nothing is said where something is found' '' "$(cat "$tmp/stderr")"
for option in -c -l; do
	"$query" $option "$corpus" xyzzy dam >"$tmp/actual" 2>"$tmp/stderr"
	same "nor to scripts: $option" '' "$(cat "$tmp/stderr")"
done
expect 'as JSON' 1 "$query" --json "$corpus" xyzzy dam <<'END'
{"type":"query","format_version":1,"query":"xyzzy dam","articles":43,"name":null}
{"type":"no_hits","format_version":1,"parts":[{"query":"xyzzy","matches":0},{"query":"dam","matches":11}],"spellings":[],"changes":[{"query":"dam","matches":11}],"name":null}
{"type":"summary","total":0,"returned":0}
END
same 'and what is suggested is what it is said to find' 11 "$("$query" -c "$corpus" dam)"

finish
