#!/bin/sh
# What is asked of an article beside its words: source, author, section, language, tags, id, address, length.
. tests/lib.sh
make_corpus

all=$tmp/all.jsonl
"$query" show --json "$corpus" $(seq 1 "$("$query" -c "$corpus" '*')") >"$all"

# agrees QUESTION PATTERN: as many articles as lines of JSON match.
agrees() { same "$1" "$(grep -ciE "$2" "$all")" "$("$query" -c "$corpus" "$1")"; }
count() { same "$1: $2" "$2" "$("$query" -c "$corpus" "$1")"; }

agrees 'source:courier' '"source":"[^"]*courier'
agrees 'source:"harbour courier"' '"source":"harbour courier"'
agrees 'source:harb*' '"source":"harb'
agrees 'by:dorothy' '"author":"[^"]*dorothy'
agrees 'by:"Dorothy Ashgrove"' '"author":"dorothy ashgrove"'
agrees 'by:*ashgrove' '"author":"[^"]*ashgrove"'
agrees 'section:obituaries' '"section":"obituaries"'
agrees 'lang:fr' '"lang":"fr"'
agrees 'tag:cocoa' '"tags":\[?"[^]]*cocoa'
agrees 'url:harbourcourier.example' '"url":"https?://(www\.)?harbourcourier\.example'
agrees 'url:harbourcourier.example/transport' '"url":"https?://(www\.)?harbourcourier\.example/transport/'
agrees 'url:harbourcourier.example/*/2022/*' '"url":"https?://(www\.)?harbourcourier\.example/[^"]*/2022/'
agrees 'id:*' '"key":"'
count 'section:REGION' 1
count 'by:ashgrov' 0
count 'source:cour' 0
count 'source:"courier harbour"' 0
count 'url:https://www.harbourcourier.example/obituaries/2013/02/18/frank-pellow?utm_source=rss' 1
count 'url:https://www.harbourcourier.example/obituaries/2013/02/18' 0
count 'id:5F0C1F5E-6b1a-4a53-9a55-2f7d6a0d1c05' 1
count 'id:5f0c1f5e-6b1a-4a53-9a55-2f7d6a0d1c0' 0
agrees 'id:5f0c1f5e*' '"key":"5f0c1f5e'
count 'dam url:nowhere.example' 0
everything=$("$query" -c "$corpus" '*')
for n in 10 60 149 300 301 420 1000; do
	same "words: below $n or not" "$everything" \
		"$(($("$query" -c "$corpus" "words:<$n") + $("$query" -c "$corpus" "words:>=$n")))"
done
same 'one length after the other' "$everything" "$({ for n in $(seq 0 999); do echo "words:$n"; done; echo 'words:>999'; } |
	"$query" -c --batch - "$corpus" | awk '{ sum += $NF } END { print sum }')"
for n in $("$query" -l -n 100 "$corpus" dam); do sed -n "${n}p" "$all"; done >"$tmp/dams"
same 'a filter and a word' "$(grep -c '"source":"Harbour Courier"' "$tmp/dams")" "$("$query" -c "$corpus" dam source:harbour)"
same 'without a filter' "$(grep -vc '"source":"Harbour Courier"' "$tmp/dams")" "$("$query" -c "$corpus" dam -source:harbour)"
same 'hits are those counted' "$("$query" -c "$corpus" '(dam OR strike) words:>200 url:example')" \
	"$("$query" -l -n 100 "$corpus" '(dam OR strike) words:>200 url:example' | wc -l | tr -d ' ')"

# The tail and segments answer alike.
"$indexer" add -q "$tmp/two.morgue" corpus/text 2>"$tmp/stderr"
"$indexer" seal -q "$tmp/two.morgue" 2>>"$tmp/stderr"
"$indexer" add -q "$tmp/two.morgue" corpus/jsonl corpus/reuters 2>>"$tmp/stderr"
for question in source:courier by:dorothy tag:cocoa 'words:>300' url:harbourcourier.example/transport 'id:5f0c1f5e*' lang:en; do
	same "in two places: $question" "$("$query" -l -n 100 "$corpus" "$question" | sort)" \
		"$("$query" -l -n 100 "$tmp/two.morgue" "$question" | sort)"
done

finish
