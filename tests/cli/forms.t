#!/bin/sh
# Written forms on both sides: what a stem runs together, exact words keep apart.
. tests/lib.sh

a=$tmp/forms.morgue
n=0
article() {
	n=$((n + 1))
	printf '{"id":"%d","title":"%s","body":"%s"}\n' "$n" "$1" "$2" >>"$tmp/forms.jsonl"
}
article One 'Bill Gates opened the flood gates. The gate of Mr Gates’ house.'
article Two 'The Banks of England: Joseph Banks, who banks with a bank. Banking is dull.'
article Three 'The New York Times said times are hard; it was the last time.'
article Four 'News is what is new. A newer universe, and universities of the University of Skelby.'
article Five 'The organization has an organ. They organize; organised crime; organisations.'
article Six 'O’Brien met O\u0027Connor in São Paulo, at the café Zoë. A cafe, a resume, a résumé; “curly” and \"straight\".'
article Seven 'US troops told us: the U.S. IT firm said it is IT. AIDS aids who aids May in may.'
article Eight 'Straße, ﬁrst, ＮＡＴＯ, Türkiye, İstanbul, coöperate, naïve, Ångström.'
"$indexer" add -q "$a" "$tmp/forms.jsonl" 2>"$tmp/err"

finds() { # NUMBERS QUESTION
	same "$2$state" "$1" "$("$query" -l -n all "$a" "$2" 2>"$tmp/err" | sort -n | tr '\n' ' ' | sed 's/ $//')"
}

all_questions() {
	finds 1 gate
	finds 1 Gates
	finds 1 =gate
	finds 1 =Gates
	finds '' =GATES
	finds 1 '"flood gates"'
	finds '' '"flood Gates"'
	finds 1 '"bill gates"'
	finds '' '"bill gate"'
	finds 1 '~"bill gate"'
	finds 2 banking
	finds 2 =banking
	finds 2 =Banks
	finds '' =BANKS
	finds 2 '"joseph banks"'
	finds '' '"joseph bank"'
	finds 2 'nocaps(banks) w/2 bank'
	finds '' '"Banks with"'
	finds 2 '"banks with"'
	finds 3 '"Times said"'
	finds '' '"times said" -"Times said"'
	finds 3 '"Times said times"'
	finds '' '"Times said Times"'
	finds 3 time
	finds '3 4' new
	finds 4 news
	finds 4 '=news'
	finds '3 4' '=new'
	finds 3 '=New'
	finds 3 '"New York"'
	finds 4 newer
	finds 4 '"what is new"'
	finds '' '"what is news"'
	finds 4 '=university'
	finds 4 '=University'
	finds 4 '=universe'
	finds '' '=universes'
	finds 4 '"universities of the university"'
	finds '' '"university of the university"'
	finds 5 organization
	finds 5 '=organization'
	finds '' '=organizations'
	finds 5 '=organisations'
	finds '' '"a organization"'
	finds 5 '"an organ"'
	finds '' '"an organization"'
	finds 6 "O'Brien"
	finds 6 'O’Brien'
	finds 6 obrien
	finds 6 "\"o'connor in\""
	finds 6 'sao paulo'
	finds 6 'são paulo'
	finds 6 '"sao paulo"'
	finds '' '"São Paolo"'
	finds 6 '=café'
	finds 6 '=cafe'
	finds 6 '"a cafe"'
	finds '' '"a café"'
	finds 6 '"the cafe zoe"'
	finds 6 '"the café Zoë"'
	finds '' '"the café Zoé"'
	finds 6 '“curly” and ”straight“'
	finds 6 '"curly and straight"'
	finds 7 'us'
	finds 7 '=US'
	finds 7 '=us'
	finds 7 'U.S.'
	finds 7 '"told us"'
	finds '' '"told US"'
	finds 7 '=AIDS'
	finds 7 '"AIDS aids"'
	finds '' '"aids AIDS" -"aids aids"'
	finds 7 '=May'
	finds 7 '"may in may"'
	finds '' '"May in May"'
	finds 7 'allcaps(it) w/1 firm'
	finds '' 'nocaps(it) w/1 firm'
	finds 8 strasse
	finds 8 straße
	finds 8 first
	finds 8 nato
	finds 8 =NATO
	finds 8 turkiye
	finds 8 cooperate
	finds 8 '"coöperate naive"'
	finds 8 angstrom
}

state=', in the tail'
all_questions
"$indexer" seal -q "$a"
state=', in a segment'
all_questions

finish
