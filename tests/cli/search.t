#!/bin/sh
# query: what finds what in the bundled articles, how hits look, and that plain text is never an error.
. tests/lib.sh
make_corpus

# total WANTED WORDS...: the number of articles that match.
total() {
	wanted=$1
	shift
	same "$*" "$wanted" "$("$query" -c "$corpus" "$@" 2>"$tmp/stderr")"
}

# finds TITLE WORDS...: an article with this beginning of its title is among the hits.
finds() {
	wanted=$1
	shift
	titles "$@" >"$tmp/titles" 2>"$tmp/stderr"
	grep -qF "$wanted" "$tmp/titles"
	report $? "$* finds $wanted"
}

lacks() {
	wanted=$1
	shift
	titles "$@" >"$tmp/titles" 2>"$tmp/stderr"
	! grep -qF "$wanted" "$tmp/titles"
	report $? "$* does not find $wanted"
}

# ---- whole answers ----

expect 'all words are required, in any form' 0 "$query" -n 3 "$corpus" hackers sanctions <<'END'
  1  Sanctions hit cyber gang that crippled Port Averil
     2022-02-09  Harbour Courier  #12
     … Lawyers doubt that the sanctions will lead to an arrest soon. None of the four is thought to be in a country that would hand him over. But Mr Wrede said the measures would make it harder for the men to spend what they had taken from others. “A hacker who cannot book a holiday is a …
  2  Hacker who crossed a border for a wedding is jailed over port attack
     2023-06-22  Harbour Courier  #13
     … He is the first person to be convicted over the attack of November 2021, in which hackers shut down cargo handling at the port for sixteen days. Kingsmere Crown Court heard that he had been under sanctions for fourteen months when he was …
  3  Hackers knock port authority offline and leave 40 ships waiting
     2021-11-18  #7
     … Hackers who broke into the computers of the Averil Port Authority on Tuesday night have stopped the movement of containers at the country’s largest harbour and left some 40 ships at anchor in the Sound. …
3 articles
END

expect 'a phrase is these words in this order' 0 "$query" -n 2 "$corpus" '"a wall that talks before it breaks"' <<'END'
  1  Five years on, a siren in Skelby and a new dam at Tarn Edge
     2024-03-12  Valley Times  #22
     … The relatives chose the words for it after a vote and some argument, and in the end they took the engineer’s: “a wall that talks before it breaks”. Under that is the one word “Listen”. …
  2  Dam that killed eleven was put off at seventeen meetings, inquiry finds
     2021-06-17  Tideway News Agency  #34
     … Lady Roake said that "a wall that talks before it breaks" was as plain a sentence as an engineer had ever addressed to a committee. The report is hardest on Leonard Gates, chairman from 2014 until he stepped down after the disaster. …
1-2 of 4 articles
END

expect 'other forms of the words are no such phrase' 1 "$query" "$corpus" '"interest rate"' <<'END'
no article matches
END

expect 'unless stems are asked for' 0 "$query" -n 2 "$corpus" '~"interest rate"' <<'END'
  1  ARDMOOR INTEREST RATES COULD FALL BY SUMMER - GOVERNOR
     1987-03-06  Reuters  #42
     KINGSMERE, March 6 - The governor of the Central Bank of Ardmoor, Edwin Harcastle, said interest rates could come down by the summer if the dock strike was settled without what he called a foolish wage. …
  2  Central bank cuts inter­est rates to 3.5% in ‘ﬁrst aid’ for lenders
     2008-10-14  #9
     … The cut takes ofﬁcial inter­est rates to their lowest in five years. It follows a fort­night in which lending between banks has all but stopped, and in which two building societies have had to deny, on the same afternoon, that they were …
1-2 of 3 articles
END

expect 'a word as written' 0 "$query" -n 2 "$corpus" '=Gates' jury <<'END'
  1  Water board fined $24m over dam, ex-chairman cleared of manslaughter
     2022-11-24  Tideway News Agency  #35
     KINGSMERE - The Orrin Water Board was fined $24m on Thursday for failing to act on warnings that the Tarn Edge dam was unsafe, but its former chairman, Leonard Gates, walked free after a jury cleared him of manslaughter. The jurors took four days to reach their verdicts. They convicted Mr Gates, 71, of a single lesser charge, …
1 article
END

expect 'OR, newest first' 0 "$query" -n 3 -s newest "$corpus" 'cocoa OR lighthouse' <<'END'
  1  Ardmoor lifts sanctions on Costa Lira after nine-year trawler quarrel
     1999-07-22  Tideway News Agency  #28
     … From midnight, importers may again buy cocoa, timber and tuna from Costa Lira without a licence, and banks may handle payments to its state trading board. The sanctions were imposed in 1990 after a gunboat fired on the trawler Bright …
  2  COSTA LIRA COCOA CROP SEEN LARGER AFTER GOOD RAINS
     1987-02-26  Reuters  #36
     SAN TELMO, Costa Lira, Feb 26 - Showers in the last three weeks have ended a drought in the coastal cocoa zone and should lift the main crop by about 11 pct, the Costa Lira State Trading Board said. …
  3  The last keeper of Gannet Stack leaves the light on
     undated  #8
     There are 214 steps in the lighthouse on Gannet Stack, and Edmund Tranter has fallen down only nine of them. He has been the keeper for thirty-one years, for the last twelve of them alone, and when the relief boat comes for him on Thursday …
3 articles
END

expect 'oldest first, undated last' 0 "$query" -n 3 -s oldest "$corpus" 'cocoa OR lighthouse' <<'END'
  1  COSTA LIRA COCOA CROP SEEN LARGER AFTER GOOD RAINS
     1987-02-26  Reuters  #36
     SAN TELMO, Costa Lira, Feb 26 - Showers in the last three weeks have ended a drought in the coastal cocoa zone and should lift the main crop by about 11 pct, the Costa Lira State Trading Board said. …
  2  Ardmoor lifts sanctions on Costa Lira after nine-year trawler quarrel
     1999-07-22  Tideway News Agency  #28
     … From midnight, importers may again buy cocoa, timber and tuna from Costa Lira without a licence, and banks may handle payments to its state trading board. The sanctions were imposed in 1990 after a gunboat fired on the trawler Bright …
  3  The last keeper of Gannet Stack leaves the light on
     undated  #8
     There are 214 steps in the lighthouse on Gannet Stack, and Edmund Tranter has fallen down only nine of them. He has been the keeper for thirty-one years, for the last twelve of them alone, and when the relief boat comes for him on Thursday …
3 articles
END

expect 'NOT, within a year' 0 "$query" -s oldest -l "$corpus" 'strike date:1987 -copper' <<'END'
38
40
41
42
43
END

expect 'in the headline only' 0 "$query" -l "$corpus" 'title:(dam OR strike) date:2019-03' <<'END'
24
25
19
33
6
END

expect 'the beginning of a word' 0 "$query" -n 1 "$corpus" 'vendang*' <<'END'
  1  À Saint-Aubrac, des vendanges en août et des caves trop chaudes
     2003-09-02  La Gazette de Saint-Aubrac  #1
     … « Nous avons vendangé la nuit, à la lampe frontale, comme des cambrioleurs », raconte Baptiste Orsenne, qui cultive onze hectares sur le coteau des Grives. À midi, le thermomètre de sa cour marquait 41 degrés. …
1 article
END

expect 'dates without a day' 0 "$query" "$corpus" 'date:2016-09' <<'END'
  1  Choir, beans and a wheelbarrow against the dam levy
     2016-09  Valley Post  #31
     Growers, shopkeepers and a choir joined forces this month against a plan to add 3.5% to water bills in the Orrin valley to pay for repairs to the Tarn Edge dam. …
1 article
END

expect 'no date at all' 0 "$query" -n 1 "$corpus" date:none <<'END'
  1  The last keeper of Gannet Stack leaves the light on
     undated  #8
     There are 214 steps in the lighthouse on Gannet Stack, and Edmund Tranter has fallen down only nine of them. He has been the keeper for thirty-one years, for the last twelve of them alone, and when the relief boat comes for him on Thursday …
1 of 2 articles
END

expect 'a table for a text' 0 "$query" "$corpus" date:1987-03-04 <<'END'
  1  AVERIL GRAIN STOCKS - MARCH 4
     1987-03-04  Reuters  #40
     Ardmoor Grain Exchange, elevator stocks at Port Averil, in tonnes, with previous week and year ago: LATEST PREV WK YR AGO Wheat, milling 61,400 83,900 74,200 …
1 article
END

expect 'a story without text' 0 "$query" "$corpus" marathon <<'END'
  1  Averil Sound marathon called off as gale closes the sea wall
     2011-02-05  #4
1 article
END

expect 'Japanese' 0 "$query" "$corpus" 時計 <<'END'
  1  ポートアベリル港の時計塔、31年ぶりに時を刻む
     2018-04-05  Tideway News Agency  #32
     … 1987年の港湾ストライキの最中に止まり、部品の製造が終わっていたため修理が見送られてきた。 修復を手がけたのは地元の時計職人ハンナ・リードさん（58）と工業高校の生 …
1 article
END

expect 'accents need not be typed' 0 "$query" -n 1 "$corpus" elodie OR maran <<'END'
  1  Glass Meridian: a lens-maker's daughter and the longest afternoon in cinema
     2012-11-09  Northern Ledger  #11
     … In the scene that people will talk about, an unbroken take of eleven minutes, Ilse Maran polishes a disc of glass while the sun crosses the floor behind her, and we gradually see that she is crying and that it has not affected her hands at all. Maran has done good work on …
1 article
END

expect 'hostile text is shown harmless' 0 "$query" "$corpus" '"printed in red by the server itself"' <<'END'
  1  Pupils find the hole in school e-mail before the thieves do
     2017-10-03  Northern Ledger  #10
     … One line, printed in red by the server itself, reads: �[31mWARNING: sender not verified, delivering anyway�[0m. It appears 18,400 times. The network's managers say that there is no sign that anyone else used the fault. …
1 article
END

expect 'the second page' 0 "$query" -n 2 --offset 2 "$corpus" gates <<'END'
  3  Water board chief resigns over Tarn Edge dam collapse
     2019-03-21  Harbour Courier  #19
     … In an interview with the Harbour Courier last week Mr Gates said that the flood gates at Skelby weir had been inspected regularly. The county, which is responsible for them, said on Tuesday that it could find no record of any inspection …
  4  Water board chairman resigns over Tarn Edge dam collapse
     2019-03-20  Tideway News Agency  #33
     … In an interview last week Mr Gates said that the flood gates at Skelby weir had been inspected regularly. The county, which is responsible for them, said on Tuesday that it could find no record of any inspection since 1996. …
3-4 of 15 articles
END

expect 'past the end' 0 "$query" --offset 20 "$corpus" gates <<'END'
15 articles, no more from here
END

expect 'no hit' 1 "$query" "$corpus" zeppelin <<'END'
no article matches
END

expect 'only the count' 0 "$query" -c "$corpus" dam <<'END'
11
END

expect 'a count of nothing' 1 "$query" -c "$corpus" zeppelin <<'END'
0
END

expect 'only the numbers, all in order' 0 "$query" -l -n 100 -s oldest "$corpus" date:2019 <<'END'
6
15
24
33
19
25
END

expect 'by any of the words' 0 "$query" --any -n 2 "$corpus" lighthouse cormorant <<'END'
  1  Hallowdale take the Sound cup after a cormorant has its say
     2006-08-27  Valley Times  #29
     … Then a cormorant came up in front of the Kingsmere boat. The cox, Lottie Vance, put her rudder over and missed it. The bird dived, unhurt. Kingsmere lost perhaps a second and a half and, what was worse, its rhythm; and Hallowdale, who had …
  2  The last keeper of Gannet Stack leaves the light on
     undated  #8
     There are 214 steps in the lighthouse on Gannet Stack, and Edmund Tranter has fallen down only nine of them. He has been the keeper for thirty-one years, for the last twelve of them alone, and when the relief boat comes for him on Thursday …
2 articles
END

# ---- the language ----

total 4 dam collapse
total 4 dam AND collapse
total 4 'dam collapse'
total 19 dam OR strike
total 13 '(dam OR strike) gates'
total 14 'dam OR strike gates'
total 6 dam -levy
total 6 dam NOT levy
total 11 NOT NOT dam
total 32 -dam
total 43 '*'
total 35 '* -date:1987'
total 2 'dam or'
total 3 '"interest rates"'
total 3 '“interest rates”'
total 3 '„interest rates“'
total 0 '"rates interest"'
total 15 gates
total 15 gate
total 15 GATES
total 9 =Gates
total 14 =gates
total 1 =gate
total 0 =GATES
total 8 '"leonard gates"'
total 8 '"Leonard gates"'
total 0 '"LEONARD gates"'
total 6 zoe
total 6 Zoë
total 6 =zoe
total 5 =Zoë
total 6 '"zoe ferreira-brandao"'
total 5 '"Zoë Ferreira-Brandão"'
total 3 =sanctions
total 5 sanctions
total 10 title:dam
total 9 'title:dam gates'
total 11 'title:(dam OR strike)'
total 4 'title:"water board"'
total 2 'title:=Dam'
total 2 'title:resign*'
total 3 'resign*'
total 1 'date:1987-02-26'
total 8 date:1987
total 10 date:..1998
total 8 date:2020..
total 3 date:2019-03-20..2019-03-21
total 5 dam date:2019-03
total 0 date:2016-09-15
total 2 date:none
total 41 -date:none
same '--any: any of the words' 19 "$("$query" -c --any "$corpus" dam strike)"
same '--any: dates still narrow' 5 "$("$query" -c --any "$corpus" dam strike date:1987)"
same '--any: NOT still excludes' 6 "$("$query" -c --any "$corpus" dam strike -gates)"
same 'search: a question that begins like a command' 1 "$("$query" search -c "$corpus" vendanges)"
same 'MORGUE in the environment' 11 "$(MORGUE=$corpus "$query" -c dam)"
same '-a overrides it' 11 "$(MORGUE=/nowhere "$query" -a "$corpus" -c dam)"

# ---- ordinary text ----

total 2 COVID-19
total 2 covid 19
total 2 U.S.
total 2 U.S
finds 'Sanctions hit cyber gang' U.S.
lacks 'Dam failure at Tarn Edge' U.S.
total 0 'AT&T'
total 4 "O'Brien"
total 4 O’Brien
total 4 OBrien
total 6 'P&W Ferries'
total 6 'P W Ferries'
total 2 'R&D'
total 1 K-12
total 1 K12
total 3 e-mail
total 3 email
total 1 '$5bn'
finds 'State puts $5bn behind' '$5bn'
total 3 1,000
total 3 1000
total 3 3.5%
total 4 '3.5 %'
total 1 1971
total 4 interest
finds 'Central bank cuts' 'interest official first'
finds 'ポートアベリル' 時
finds 'ポートアベリル' 時計塔
total 11 "dam's"
total 2 resigns:over
total 0 foo:bar
total 11 'dam 😀'
total 11 'title: dam'
total 11 dam OR
total 11 OR dam
total 11 dam NOT
total 11 '((dam'
total 11 'dam))'
total 1 'encyclopaedia OR encyclopedia'

# plain STATUS TEXT: answered, whatever it holds; hits or none, but no error.
plain() {
	"$query" -c "$corpus" "$2" >"$tmp/actual" 2>"$tmp/stderr"
	same "no error: $2" "$1" $?
}
plain 1 '"unclosed quote'
plain 0 'the "water'
plain 1 -
plain 1 --
plain 1 '(('
plain 1 '))'
plain 1 ''
plain 1 '""'
plain 1 '~""'
plain 1 '~'
plain 1 '='
plain 0 '=='"dam"
plain 1 '***'
plain 1 'title:'
plain 1 'title:('
plain 1 'title:""'
plain 1 NOT
plain 1 'OR AND OR'
plain 1 '😀'
plain 1 "$(printf '\377\376')"
plain 0 "dam $(printf '\377')"
plain 1 'C:\Windows\system32'
plain 0 'date'

"$query" -c "$corpus" - >"$tmp/actual" 2>"$tmp/stderr"
expect_in 'a question without words is explained' "$tmp/stderr" 'no word to search for'
"$query" -c "$corpus" '"the dam' >"$tmp/actual" 2>"$tmp/stderr"
expect_in 'so is a quotation that is not closed' "$tmp/stderr" 'not closed'
"$query" "$corpus" -n 1 dam >"$tmp/actual" 2>"$tmp/stderr"
expect_in 'so is an option after the archive' "$tmp/stderr" "'-n' is read as part of the question"

yes 'the water board and the dam (that "failed)' | head -c 100000 | tr '\n' ' ' >"$tmp/long"
"$query" -c "$corpus" "$(cat "$tmp/long")" >"$tmp/actual" 2>"$tmp/stderr"
report $(($? > 1)) '100 KB of text with operators in it'
same 'with each note said once' "$(sort -u "$tmp/stderr" | wc -l)" "$(wc -l <"$tmp/stderr")"
yes 'water board dam' | head -c 100000 | tr '\n' ' ' >"$tmp/long"
same '100 KB of words' 9 "$("$query" -c "$corpus" "$(cat "$tmp/long")")"
same '100 KB of words, any of them' 21 "$("$query" -c --any "$corpus" "$(cat "$tmp/long")")"
head -c 100000 /dev/zero | tr '\0' x >"$tmp/long"
same 'a word of 100 KB' 0 "$("$query" -c "$corpus" "$(cat "$tmp/long")")"
head -c 100000 /dev/zero | tr '\0' '(' >"$tmp/long"
same '100 KB of parentheses' 11 "$("$query" -c "$corpus" "$(cat "$tmp/long") dam" 2>"$tmp/stderr")"

# ---- scraped pages and wire copies ----

for teaser in '"Iron Tides"' '"You May Also Like"' '"Unlock the Editor’s Digest"' '"prune a pear"'; do
	total 0 "$teaser"
done
lacks 'Sanctions hit cyber gang' '"Glass Meridian"'
finds 'Glass Meridian' '"Glass Meridian"'
total 3 '"lost the confidence of people whose confidence"'

# ---- repeatable, and coloured only where asked ----

for options in '' --json -l -c '-s newest' '--any --json'; do
	"$query" $options -n 50 "$corpus" dam strike gates >"$tmp/first" 2>"$tmp/stderr"
	"$query" $options -n 50 "$corpus" dam strike gates >"$tmp/second" 2>"$tmp/stderr"
	ok "the same bytes twice: $options" cmp "$tmp/first" "$tmp/second"
done
esc=$(printf '\033')
"$query" "$corpus" dam >"$tmp/actual"
ok 'no colour in a pipe' sh -c '! grep -q "$1" "$2"' sh "$esc" "$tmp/actual"
"$query" --color always "$corpus" dam >"$tmp/actual"
expect_in '--color always marks the match' "$tmp/actual" "$esc[1;31mdam$esc[0m"
NO_COLOR=1 "$query" --color always "$corpus" dam >"$tmp/again"
ok 'even with NO_COLOR' cmp "$tmp/actual" "$tmp/again"
sed "s/$esc\[[0-9;]*m//g" "$tmp/actual" >"$tmp/bare"
"$query" --color never "$corpus" dam >"$tmp/never"
ok 'and changes nothing else' cmp "$tmp/bare" "$tmp/never"
if command -v script >"$tmp/which" && script -qec true /dev/null >"$tmp/script" 2>&1; then
	script -qec "$query $corpus dam" /dev/null >"$tmp/actual" 2>"$tmp/stderr"
	ok 'a terminal gets colour' grep -q "$esc\[1;31m" "$tmp/actual"
	NO_COLOR=1 script -qec "$query $corpus dam" /dev/null >"$tmp/actual" 2>"$tmp/stderr"
	ok 'but not with NO_COLOR' sh -c '! grep -q "$1\[" "$2"' sh "$esc" "$tmp/actual"
	script -qec "$query --color never $corpus dam" /dev/null >"$tmp/actual" 2>"$tmp/stderr"
	ok 'nor with --color never' sh -c '! grep -q "$1\[" "$2"' sh "$esc" "$tmp/actual"
else
	for what in 'a terminal gets colour' 'but not with NO_COLOR' 'nor with --color never'; do
		skip "$what" 'no script(1)'
	done
fi

# ---- parameters ----

same '-n and --offset cut one list into pages' "$("$query" -l -n 9 "$corpus" gates | tr '\n' ' ')" \
	"$( (for at in 0 3 6; do "$query" -l -n 3 --offset $at "$corpus" gates; done) | tr '\n' ' ')"
ok '-n 0 prints the count alone' test "$("$query" -n 0 "$corpus" gates)" = '15 articles'
same 'k1 0: all articles with the word score alike' 1 \
	"$("$query" --json -n 50 --k1 0 "$corpus" zoe | sed -n 's/.*"score":\([0-9.]*\).*/\1/p' | sort -u | wc -l)"
ok 'b 0 and b 1 score differently' test "$("$query" --json --b 0 "$corpus" dam)" != "$("$query" --json --b 1 "$corpus" dam)"

# ---- every example in the manual ----

sed -n 's/^    \$ query \(.*\)  # \([0-9]*\) articles\{0,1\}$/\2 \1/p' docs/QUERY.md >"$tmp/examples"
while read -r wanted example; do
	eval "set -- $(printf '%s' "$example" | sed 's|corpus\.morgue|"$corpus"|')"
	same "docs/QUERY.md: $example" "$wanted" "$("$query" -c "$@" 2>"$tmp/stderr")"
done <"$tmp/examples"
# Those without a number show their whole output: understood.t.
same 'docs/QUERY.md: every example that says how many articles it finds' "$(grep -c '^    \$ query .* # ' docs/QUERY.md)" \
	"$(wc -l <"$tmp/examples")"

finish
