#!/bin/sh
# What stands where: near each other, in a sentence, a paragraph, a region, a quotation; so often; with capitals.
. tests/lib.sh

# Article N has the headline and the text that follow; $a is the archive.
a=$tmp/near.morgue
n=0
article() { # HEADLINE TEXT, \n for a new line
	n=$((n + 1))
	printf '{"id":"%d","title":"%s","body":"%s"}\n' "$n" "$1" "$2" >>"$tmp/near.jsonl"
}
article 'Flood warning' 'The bank of the river gave way. Another bank held.\n\nA lender had no loss. The mayor, Mr. Harold Pike, said: \"We were not told of the river.\" Nobody answered him.\n\nThird paragraph: the pumps failed.'
article 'River bank fined' 'The lender was fined by the court. It will appeal.\n\nThe bank said “weapons of mass destruction” were never its trade, and that “the river is no border”.\n\nPumps were sold.'
article 'Apple unveils phone' 'Apple and its rivals sell fruit no more. An apple a day, said APPLE. The RICO act is old; Rico was not amused, rico said.'
article 'Crash' 'Plane crash: the pilot saw the runway. The crash killed none. A second crash, a third crash, and a plane on the ground. Crash.'
article 'Merger' 'The regulator approved the merger of both banks. No board blocks a merger twice. Interest rates rise; the interest on rates is high.'
"$indexer" add -q "$a" "$tmp/near.jsonl" 2>"$tmp/err"

# finds NUMBERS QUESTION: these articles and no other, from the tail and from a segment.
finds() {
	same "$2$state" "$1" "$("$query" -l -n all "$a" "$2" 2>"$tmp/err" | sort -n | tr '\n' ' ' | sed 's/ $//')"
}

all_questions() {
	# distance, order
	finds '1 2' 'river w/3 bank'
	finds 2 'river w/1 bank'
	finds 2 'river near/1 bank'
	finds '' 'river w/2 gave w/1 bank'
	finds 2 'river pre/3 bank'
	finds 1 'bank pre/3 river'
	finds '' 'bank pre/2 river'
	finds 1 'bank adj/3 river'
	finds 5 'merger w/5 (approv* OR block*)'
	finds 5 '(approved OR blocks) pre/2 merger'
	finds '' 'blocks pre/1 merger'
	finds 5 '"interest rates" w/2 "the interest"'
	finds '' '"interest rates" w/1 "the interest"'
	finds 5 '~"interest rate" w/3 "the interest on"'
	finds 5 'interest w/5 rates w/3 high'
	# never from the headline into the body
	finds '' 'fined w/1 the'
	finds '' 'warning w/9 bank'
	finds '' '"fined the lender"'
	# what overlaps is not near; a word is near another of the same
	finds '' '"river bank" w/5 title:bank'
	finds 2 '"river bank" w/5 fined w/9 bank'
	finds 1 'bank w/20 bank'
	finds '' 'lender w/50 lender'
	# not near
	finds '1 5' 'bank not w/3 river -fined'
	finds '1 2 5' 'bank not w/2 river'
	finds '2 5' 'bank not w/5 river'
	finds 2 'lender not w/20 mayor'
	finds 5 'merger not w/3 approved'
	finds '' 'approved not w/3 merger'
	finds 5 'merger not pre/3 approved'
	# sentence, paragraph
	finds 1 'bank w/s gave'
	finds '' 'gave w/s held'
	finds 1 'gave w/p held'
	finds '' 'held w/p lender'
	finds 1 'mayor w/s told'
	finds '' 'mayor w/s nobody'
	finds 1 'mayor pre/s harold'
	finds '' 'harold pre/s mayor'
	finds '1 2' 'river w/s bank'
	# gaps
	finds 1 '"bank * the"'
	finds 1 '"bank * * river"'
	finds '' '"bank * river"'
	finds 2 '"weapons * mass"'
	finds 5 '~"interest * rate"'
	finds 3 '"apple *"'
	# counting
	finds 4 'atleast4(crash)'
	finds 4 'atleast6(crash)'
	finds '' 'atleast7(crash)'
	finds 4 'atleast2(crash w/3 plane)'
	finds '' 'atleast3(crash w/3 plane)'
	finds 4 'atleast8(crash OR plane)'
	finds 4 '3of(crash plane pilot lender)'
	finds '' '4of(crash plane pilot lender)'
	finds '2 4' '1of(fined pilot)'
	finds '4 5' '1of(pilot, merger w/2 approved)'
	# regions
	finds '1 2' 'lead:lender'
	finds '' 'lead:pumps'
	finds '1 2' 'pumps'
	finds '' 'lead:warning'
	finds 2 'first/3:river'
	finds 2 'first/1:river'
	finds '1 2' 'first/8:river'
	finds 1 'first/3:warning first/3:the'
	finds '' 'first/2:warning first/2:the'
	finds '1 2' 'quote:river'
	finds 2 'quote:"weapons of mass"'
	finds '' 'quote:bank'
	finds '' 'quote:"river nobody"'
	finds 2 'quote:(weapons OR court)'
	finds '' 'title:lender'
	finds 2 'title:(river w/1 bank)'
	finds 2 'quote:(weapons w/s border)'
	finds 1 'quote:(told w/s river)'
	# capitals
	finds 3 'caps(apple)'
	finds 3 'allcaps(apple)'
	finds 3 'nocaps(apple)'
	finds 3 'allcaps(rico)'
	finds '' 'allcaps(fruit)'
	finds 3 'allcaps(rico) w/1 act'
	finds '' 'nocaps(rico) w/1 act'
	finds 3 'nocaps(rico) w/1 said'
	finds '' 'caps(fruit)'
}

state=', in the tail'
all_questions
"$indexer" seal -q "$a"
state=', in a segment'
all_questions

# ---- what is said of them ----

"$query" --color always "$a" 'river w/4 gave' | tr -d '\033' | sed -n 3p >"$tmp/actual"
expect_in 'snippets mark the words that are near' "$tmp/actual" 'The bank of the [0m[1;31mriver[0m [0m[1;31mgave[0m way.'
expect_in 'and no others' "$tmp/actual" 'We were not told of the river." Nobody'
expect 'explained' 0 "$query" --explain "$a" '(bank not w/5 river OR bank w/s lead:gave) 2of(bank lender)' <<'END'
read as  ((bank not w/5 river) OR (bank w/s lead:gave)) 2of(bank lender)

  articles  part
         2  all of:
         3      any of:
         2          the first, but not the second within 5 words:
         3              bank
         2              river
         1          in one sentence:
         3              bank
         1              lead:gave
         2      at least 2 of:
         3          bank
         2          lender
END
"$query" --explain-score 2 "$a" 'bank w/3 river' >"$tmp/actual"
expect_in 'the score explained' "$tmp/actual" '    frequency 3 = 1 in the headline x 3 + 0 in the text'

expect 'groups with AND are multiplied out' 0 sh -c '"$1" -c "$2" "bank w/9 (river gave)" 2>&1' sh "$query" "$a" <<'END'
query: note: 'w/9' joins words, not groups with AND: read as (bank w/9 river) (bank w/9 gave)
1
END
expect 'the same as dialects say it' 0 sh -c '"$1" -c --dialect lexis "$2" "caps(apple) or river w/3 bank"; "$1" -c --dialect factiva "$2" "river same bank"' sh "$query" "$a" <<'END'
2
2
END
"$query" "$a" 'mayor w/2 told' >"$tmp/out" 2>"$tmp/err"
expect_in 'nothing near: the same words anywhere' "$tmp/err" '1 article: mayor told'

finish
