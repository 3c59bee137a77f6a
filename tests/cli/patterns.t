#!/bin/sh
# Wildcards, regular expressions and misspellings from the command line; spellings suggested.
. tests/lib.sh
make_corpus

finds() { # N QUESTION
	same "finds $1: $2" "$1" "$("$query" -c "$corpus" "$2" 2>"$tmp/err")"
	same "without a word about it: $2" '' "$(cat "$tmp/err")"
}
finds 10 'reservoir'
finds 10 '*voir'
finds 10 'reserv*r*'
finds 10 'RES?RVO?R'
finds 10 '/reser(v|w)oirs?/'
finds 10 'resivoir~2'
finds 0 'resivoir~1'
finds 10 'reservior~1'
finds 1 'wom?n'
finds 6 'Z?E'
finds 1 '時*'
same 'only matching forms of a stem' "$("$query" -c "$corpus" '=gate')" "$("$query" -c "$corpus" '/gate/')"
same 'the question mark that ends a question is none' "$("$query" -c "$corpus" reservoir)" \
	"$("$query" -c "$corpus" 'reservoir?')"

"$query" -n 1 --color always "$corpus" '*voir' >"$tmp/out"
ok 'snippets mark what a pattern found' grep -q 'm[Rr]eservoir.\[' "$tmp/out"

expect_error() { # NAME QUESTION
	"$query" "$corpus" "$2" >"$tmp/out" 2>"$tmp/err"
	same "$1: exit status" 2 $?
	same "$1" "$(cat)" "$(head -n 3 "$tmp/err" | sed 's/^[a-z-]*: //')"
}
expect_error 'a mark under what is wrong in an expression' 'dam /colo(u?r/ levy' <<'END'
regular expression: ( is not closed
  dam /colo(u?r/ levy
           ^~~~
END
expect_error 'at its end' 'dam /x\1/' <<'END'
regular expression: it cannot refer back to a group
  dam /x\1/
        ^~
END

# Possessives, two characters of Chinese, stemmers that take beginnings off or write other letters.
made() { # NAME LANGUAGE TEXT: an archive of one article
	printf '%s\n' "$3" >"$tmp/$1.txt"
	"$indexer" add -q --lang "$2" "$tmp/$1.morgue" "$tmp/$1.txt"
}
found() { # NAME QUESTION...: each finds the article
	archive=$tmp/$1.morgue
	shift
	for question; do
		same "found in ${archive##*/}: $question" 1 "$("$query" -c "$archive" "$question" 2>/dev/null)"
	done
}
made english en "Watergate's end. 時計塔 stood."
found english '*gate' '/water.*/' 'watrgate~1' '*計*' '時?' '=Watergate* -=Watergates'
same "but not the whole of it" 0 "$("$query" -c "$tmp/english.morgue" '/.*gates/')"
made indonesian id 'Mereka membaca pertanyaan itu.'
found indonesian 'memb*' 'mem?aca' '/pertany.*/' 'membuca~1'
made serbian sr 'Београдске новине читаоци воле.'
found serbian 'београд*' '?овине' '/чита.*/' 'читаоце~1'
made german de 'Die Straße nach Köln'
found german 'str?sse' 'stra*e' 'k?ln' 'koeln~2'
made french fr 'L’hôtel de l’aéroport est fermé.'
found french "l'h?tel" 'L’h?tel' 'h?tel' 'l’aéro*' "l'*port" "l'aeropotr~2"
same 'nothing but an article finds nothing' 0 "$("$query" -c "$tmp/french.morgue" "l'*")"

# A word's weight is that of its stem in all segments, those too that lack what the pattern asks for.
made parts en 'A gate and an aisle.'
"$indexer" seal -q "$tmp/parts.morgue"
printf 'Two gates.\n' >"$tmp/gates.txt"
"$indexer" add -q "$tmp/parts.morgue" "$tmp/gates.txt"
for question in gate 'gates*' '*ates' '/gates/'; do
	"$query" --explain-score 2 "$tmp/parts.morgue" "$question" >"$tmp/out"
	ok "of two articles: $question" grep -q 'gate.* in 2 of 2 articles' "$tmp/out"
done

# A damaged index gives the same answer or none.
"$indexer" seal -q "$corpus"
"$query" -l "$corpus" '*voir' >"$tmp/whole"
segment=$(ls "$corpus"/*.seg)
cp "$segment" "$tmp/segment"
size=$(wc -c <"$segment")
wrong=0 refused=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	cp "$tmp/segment" "$segment"
	printf '\252\125' | dd of="$segment" bs=1 seek=$((size * i / 21)) conv=notrunc 2>"$tmp/err"
	"$query" -l "$corpus" '*voir' >"$tmp/out" 2>"$tmp/err"
	case $? in
	0) cmp -s "$tmp/whole" "$tmp/out" || wrong=$((wrong + 1)) ;;
	3) refused=$((refused + 1)) ;;
	*) wrong=$((wrong + 1)) ;;
	esac
done
cp "$tmp/segment" "$segment"
same 'no wrong answer of a damaged segment' 0 $wrong
ok 'and some refusals' test $refused -gt 0

# More words than a pattern may stand for.
awk 'BEGIN {
	for (i = 0; i < 10050; i++) {
		n = i; word = ""
		for (j = 0; j < 4; j++) { word = word sprintf("%c", 97 + n % 11); n = int(n / 11) }
		printf "%s%s", word, i % 20 == 19 ? ".\n\n" : " "
		if (i == 5 || i == 10049)
			printf "common%s common%s ", word, word
	}
}' >"$tmp/many.txt"
"$indexer" add -q --lang none "$tmp/many.morgue" "$tmp/many.txt"
"$query" -c "$tmp/many.morgue" '/.{4}/' >"$tmp/out" 2>"$tmp/err"
same 'a bound that is met is told' \
	'query: note: /.{4}/ stands for 10050 words: the 10000 that most articles have are searched' "$(cat "$tmp/err")"
"$query" -c "$tmp/many.morgue" 'aaaa~2' >"$tmp/out" 2>"$tmp/err"
ok 'and that of misspellings' grep -q 'query: note: aaaa~2 is near to [0-9]* words: the 50 nearest are searched' "$tmp/err"
"$query" -c "$tmp/many.morgue" 'a*' >"$tmp/out" 2>"$tmp/err"
same 'what is whole is not' '' "$(cat "$tmp/err")"

"$query" --explain-score 1 "$tmp/many.morgue" 'common*' >"$tmp/out"
ok 'an explanation counts the words and names the commonest' \
	grep -q 'common\*: 2 words; the commonest, common[a-k]*, in 1 of 1 article' "$tmp/out"
"$query" --json --explain-score 1 "$tmp/many.morgue" 'com?on*' >"$tmp/out"
ok 'likewise for programs' grep -q '"part":"pattern".*"stands_for":2,"searched":2,"commonest":"common' "$tmp/out"

# Different patterns of a question are counted, the same ones asked again are not.
nothing() { # N PATTERN: so many patterns that find nothing
	awk -v n="$1" -v pattern="$2" 'BEGIN { for (i = 0; i < n; i++) { p = pattern; sub(/#/, i, p); print p } }'
}
for pattern in 'zz#*' '*zz#?' 'resxxx#~1'; do
	many=$(nothing 999 "$pattern" | tr '\n' ' ')
	same "1000 patterns: $pattern" 10 "$("$query" --any -c "$corpus" "reserv*r $many reserv*r" 2>"$tmp/err")"
	same 'without a word about them' '' "$(cat "$tmp/err")"
	same 'the 1001st finds nothing' 0 "$("$query" --any -c "$corpus" "zzz* $many reserv*r" 2>"$tmp/err")"
	same 'which a note says' 'query: note: there are more than 1000 patterns: from reserv*r on, they find nothing' \
		"$(cat "$tmp/err")"
done

expect 'spellings, and the articles that have them' 0 "$query" suggest "$corpus" resivoir RESERVIOR <<'END'
resivoir  0 articles
    reservoir  10 articles
RESERVIOR  0 articles
    reservoir  10 articles
END
expect 'nothing is near' 1 "$query" suggest "$corpus" zyzzyva xy 1987 <<'END'
zyzzyva  0 articles
xy  0 articles
1987  4 articles
END
expect 'for programs' 0 "$query" suggest --json -n 1 "$corpus" resivoir <<'END'
{"type":"suggestions","format_version":1,"word":"resivoir","articles":0,"suggestions":[{"word":"reservoir","edits":2,"articles":10}]}
END
expect 'not its own stem' 1 "$query" suggest "$corpus" reservoirs <<'END'
reservoirs  10 articles
END
"$query" suggest "$corpus" >"$tmp/out" 2>"$tmp/err"
same 'a word is wanted: exit status' 2 $?
ok 'and said so' grep -q 'name an archive and a word' "$tmp/err"
escape=$(printf 'resi\033[31mvoir')
"$query" suggest "$corpus" "$escape" >"$tmp/out"
ok 'nothing drives the terminal' test "$(tr -cd '\033' <"$tmp/out" | wc -c)" -eq 0
finish
