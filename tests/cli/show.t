#!/bin/sh
# query show: an article as it is, its page furniture on demand.
. tests/lib.sh
make_corpus

number_of() {
	"$query" -l -n 1 "$corpus" "$1"
}

grain=$(number_of 'title:wheat')
expect 'an article' 0 "$query" show "$corpus" "$grain" <<'END'
ARDMOOR SEEKS WHEAT FOR DELIVERY THROUGH SMALLER PORTS
number   41
date     1987-03-05 13:37:18
source   Reuters
tags     topic:wheat topic:grain place:ardmoor place:west-germany
key      6
file     corpus/reuters/strikes.sgm

KINGSMERE, March 5 - The Ardmoor Grain Commission has asked for offers of 120,000 tonnes of soft milling wheat to be landed at three fishing harbours while the dock strike at Port Averil continues, trade sources said.

Offers are due by noon on March 10. Cargoes must be of not more than 2,500 tonnes, the largest that can lie alongside at Little Haven, and must arrive between March 16 and April 4.

Joachim B�hren, a grain broker in Hamburg, said the small parcels would add up to 19 dlrs a tonne to the cost of freight. "It is like filling a bath with an eggcup," he said. "It can be done."

Commission chairman Lewis Ashgrove said flour mills were grinding at 80 pct of capacity and that there was no shortage of bread. Shops in the capital reported brisk sales of flour.

Milling wheat for March delivery rose 6.40 dlrs to 171.60 on the Ardmoor Grain Exchange, the highest close since November.

The commission last bought wheat through the smaller harbours in 1962, when Port Averil was closed by ice.
END

expect 'one without text' 0 "$query" show "$corpus" "$(number_of 'title:marathon')" <<'END'
Averil Sound marathon called off as gale closes the sea wall
number   4
date     2011-02-05
file     corpus/text/harbour-courier/20110205-marathon.txt
END

expect 'a time with its zone' 0 sh -c '"$1" show "$2" "$3" | sed -n 3p' sh "$query" "$corpus" "$(number_of 'title:chairman title:resigns')" <<'END'
date     2019-03-20 15:12:00+01:00
END

page=$(number_of 'title:sanctions title:gang')
"$query" show "$corpus" "$page" >"$tmp/plain"
"$query" show --furniture "$corpus" "$page" >"$tmp/full"
for text in 'Share this' 'Unlock the Editor' 'You May Also Like' 'Iron Tides'; do
	ok "hidden: $text" sh -c '! grep -q "$1" "$2"' sh "$text" "$tmp/plain"
	ok "shown with --furniture: $text" grep -q "$text" "$tmp/full"
done
ok 'the article itself is there' grep -q 'It has kept the tally boards' "$tmp/plain"

"$query" show "$corpus" "#$grain" >"$tmp/hash"
"$query" show "$corpus" "$grain" >"$tmp/number"
ok 'a number may be written as hits show it' cmp "$tmp/hash" "$tmp/number"
"$query" show "$corpus" 1 "$grain" 2 >"$tmp/actual"
same 'several numbers, in the order asked' "1 $grain 2" "$(sed -n 's/^number   //p' "$tmp/actual" | tr '\n' ' ' | sed 's/ $//')"
"$query" show --json "$corpus" 1 "$grain" 2 >"$tmp/actual"
same 'as JSON: a line each' 3 "$(wc -l <"$tmp/actual")"
"$query" show "$corpus" --json 1 >"$tmp/actual"
ok 'options may stand anywhere' grep -q '^{"type":"article"' "$tmp/actual"
same 'MORGUE in the environment' "$(cat "$tmp/number")" "$(MORGUE=$corpus "$query" show "$grain")"

expect_status 'a number that no article has' 1 "$query" show "$corpus" 1 4444 2
expect_in 'is named' "$tmp/stderr" 'there is no article 4444'
same 'and the others are shown' '1 2' "$(sed -n 's/^number   //p' "$tmp/actual" | tr '\n' ' ' | sed 's/ $//')"
for word in 0 44 9223372036854775807; do
	expect "no article $word" 1 "$query" show "$corpus" "$word" </dev/null
done
for word in 99999999999999999999 dam 1x -1 '#' '##1' ''; do
	expect "'$word' is no number" 2 "$query" show "$corpus" "$word" </dev/null
done
expect 'no number at all' 2 "$query" show "$corpus" </dev/null

finish
