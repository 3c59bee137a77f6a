#!/bin/sh
# query --explain-score: the arithmetic of one article's score, or why it does not match.
. tests/lib.sh
make_corpus

expect 'words, each with its arithmetic, and the sum' 0 "$query" --explain-score 12 "$corpus" hackers sanctions <<'END'
#12  Sanctions hit cyber gang that crippled Port Averil

part of the question                                  score units of 2^-20
hackers                                            3.345992      3508527
    hacker in 4 of 43 articles: idf 2.280112
    frequency 3 in the text
    2.280112 x 3 x 2.2 / (3 + 1.497542)
sanctions                                          3.853435      4040620
    sanction in 5 of 43 articles: idf 2.079442
    frequency 8 = 1 in the headline x 3 + 5 in the text
    2.079442 x 8 x 2.2 / (8 + 1.497542)
sum                                                7.199427      7549147

395 words, which count as 389; 43 articles have 292.349 on average
1.497542 is k1 x (1 - b + b x length / average)
END
expect 'weights that were asked for multiply' 0 "$query" --explain-score 20 "$corpus" '(levy OR boats^3)^0.5' <<'END'
#20  Three boats a week, a trombone and no café: the islands shut their doors

part of the question                                  score units of 2^-20
any of:
    levy: does not fit, adds nothing
    boats^3                                        4.286832      4495070
        boat in 8 of 43 articles: idf 1.644123
        frequency 5 = 1 in the headline x 3 + 2 in the text
        2.466185 = 1.644123 x 1.5, the weight asked for
        2.466185 x 5 x 2.2 / (5 + 1.328224)
sum                                                4.286832      4495070

338 words, which count as 334; 43 articles have 292.349 on average
1.328224 is k1 x (1 - b + b x length / average)
END
expect 'phrases, prefixes, readings, filters' 0 \
	"$query" --explain-score 20 "$corpus" '(COVID-19 OR levy) c* "three boats" date:2020 -dam' <<'END'
#20  Three boats a week, a trombone and no café: the islands shut their doors

part of the question                                  score units of 2^-20
any of:
    COVID-19                                       2.709953      2841592
        "covid 19": frequency 1, which counts
        covid19: frequency 1
        as one word, in 2 of 43 articles: idf 2.867899
        frequency 1 in the text
        2.867899 x 1 x 2.2 / (1 + 1.328224)
    levy: does not fit, adds nothing
c*                                                 2.179570      2285445
    c*: 201 words; the commonest, could, in 15 of 43 articles: idf 1.043350
    here: cut 1, can 1, compani 3, contain 1, crew 2, carri 1, car 1, cover 1 and 11 more
    frequency 25 = 1 in the headline x 3 + 22 in the text
    1.043350 x 25 x 2.2 / (25 + 1.328224)
"three boats"                                      3.671728      3850086
    three in 20 of 43 articles: idf 0.763765
    boat in 8 of 43 articles: idf 1.644123
    frequency 3 = 1 in the headline x 3 + 0 in the text
    2.407888 x 3 x 2.2 / (3 + 1.328224)
date:2020: fits, adds nothing
-dam: fits, adds nothing
sum                                                8.561251      8977123

338 words, which count as 334; 43 articles have 292.349 on average
1.328224 is k1 x (1 - b + b x length / average)
END
expect 'why an article does not match' 1 \
	"$query" --explain-score 12 "$corpus" '(dam OR levy) date:2019 -hackers sanctions title:"port averil" title:hackers' <<'END'
#12  Sanctions hit cyber gang that crippled Port Averil

It does not match:
    (dam OR levy): none of them fits
        dam: not there
        levy: not there
    date:2019: its date is 2022-02-09
    -hackers: what must not be there is there
    title:hackers: not there
END
expect 'nothing to look for' 1 "$query" --explain-score 12 "$corpus" '((' <<'END'
#12  Sanctions hit cyber gang that crippled Port Averil

It does not match:
    nothing: there is no word to look for
END

# The score of an article and the sum of its explanation are one, whatever is asked.
for question in 'dam OR "interest rates" OR resign* OR COVID-19' 'title:dam =Gates -levy date:2019..'; do
	for options in '' '--any --k1 0.4 --b 0.2'; do
		"$query" --json -n 100 $options "$corpus" "$question" |
			sed -n 's/^{"type":"hit".*"id":\([0-9]*\),.*"score":\([0-9.]*\),"date".*/\1 \2/p' >"$tmp/scores"
		wrong=
		while read -r id score; do
			[ "$("$query" --json $options --explain-score "$id" "$corpus" "$question" | sed 's/.*"id":[0-9]*,"matches":true,"score":\([0-9.]*\).*/\1/')" = "$score" ] &&
				"$query" $options --explain-score "#$id" "$corpus" "$question" | grep -q "^sum  *$score " || wrong="$wrong $id"
		done <"$tmp/scores"
		same "the sum is the score: $question $options" '' "$wrong"
	done
done

"$query" --json --explain-score 20 "$corpus" 'COVID-19 resign* OR title:boats -dam' >"$tmp/actual"
same 'JSON: exit 0' 0 $?
if python3 -c 'import json' 2>"$tmp/stderr"; then
	ok 'one object, whose parts add up' python3 -c '
import json, sys
e = json.load(open(sys.argv[1]))
assert e["type"] == "explanation" and e["format_version"] == 1 and e["id"] == 20 and e["matches"]
def units(p): return p["units"] + sum(units(c) for c in p.get("parts", []))
assert units(e["tree"]) == e["units"], (units(e["tree"]), e["units"])
def leaves(p):
	if p["part"] in ("word", "phrase", "prefix", "readings"): yield p
	else:
		for c in p.get("parts", []): yield from leaves(c)
for p in leaves(e["tree"]):
	if p["units"]:
		f = p["frequency"]
		assert p["units"] == int(p["weight"] * (f * (e["k1"] + 1)) / (f + e["norm"]) * 2**20), p
' "$tmp/actual"
else
	skip 'one object, whose parts add up' 'no python3'
fi
same 'JSON of an article that does not match: exit 1' 1 "$("$query" --json --explain-score 12 "$corpus" dam >"$tmp/actual"; echo $?)"
expect_in 'says so' "$tmp/actual" '"id":12,"matches":false,"score":0.000000'

printf 'Front %b victim\n\nvictim body\n' '\033[31m\302\233\342\200\256' >"$tmp/evil.txt"
"$indexer" add -q "$tmp/evil.morgue" "$tmp/evil.txt"
for options in '' --json; do
	"$query" $options --explain-score 1 "$tmp/evil.morgue" "$(printf 'victim OR \033[31m\302\233x\342\200\256')" '"victim body' >"$tmp/actual" 2>"$tmp/stderr"
	if unsafe "$tmp/actual" "$tmp/stderr"; then report 1 "nothing drives the terminal $options"; else report 0 "nothing drives the terminal $options"; fi
done

finish
