#!/bin/sh
# The JSON lines of docs/OUTPUT.md.
. tests/lib.sh
make_corpus

expect 'a search, to the byte' 0 "$query" --json "$corpus" 'date:2016-09 OR marathon' <<'END'
{"type":"query","format_version":1,"query":"date:2016-09 OR marathon","articles":43,"name":null}
{"type":"hit","rank":1,"id":4,"key":null,"score":6.688810,"date":"2011-02-05","title":"Averil Sound marathon called off as gale closes the sea wall","source":null,"section":null,"url":null,"path":"corpus/text/harbour-courier/20110205-marathon.txt","snippets":[]}
{"type":"hit","rank":2,"id":31,"key":"VP-2016-09-dam","score":0.000000,"date":"2016-09","title":"Choir, beans and a wheelbarrow against the dam levy","source":"Valley Post","section":"Local","url":"https://valleypost.example/2016/09/no-levy","path":"corpus/jsonl/wire.jsonl","snippets":[{"text":"Growers, shopkeepers and a choir joined forces this month against a plan to add 3.5% to water bills in the Orrin valley to pay for repairs to the Tarn Edge dam.","marks":[]}]}
{"type":"summary","total":2,"returned":2}
END

expect 'marks count bytes, not characters' 0 sh -c '"$1" --json -n 1 "$2" Zoë | sed -n 2p | grep -o "{\"text\".*"' sh "$query" "$corpus" <<'END'
{"text":"The engineer whose survey began the argument, Dr Zoë Ferreira-Brandão, was in the audience. Asked to speak, she said only that the drains were running faster than in 2014, that anyone who liked could come and see them on Saturday, and","marks":[[49,53]]}]}
END

expect 'no hit: question and summary all the same, and why' 1 "$query" --json "$corpus" zeppelin <<'END'
{"type":"query","format_version":1,"query":"zeppelin","articles":43,"name":null}
{"type":"no_hits","format_version":1,"parts":[{"query":"zeppelin","matches":0}],"spellings":[],"changes":[],"name":null}
{"type":"summary","total":0,"returned":0}
END

expect 'a question of several arguments, quotation marks and a tab' 1 "$query" --json "$corpus" '"no such' 'phrase"' '"x	y\z"' <<'END'
{"type":"query","format_version":1,"query":"\"no such phrase\" \"x\ty\\z\"","articles":43,"name":null}
{"type":"no_hits","format_version":1,"parts":[{"query":"\"no such phrase\"","matches":0},{"query":"\"x y\\z\"","matches":0}],"spellings":[],"changes":[],"name":null}
{"type":"summary","total":0,"returned":0}
END

expect 'past the end' 0 "$query" --json --offset 100 "$corpus" dam <<'END'
{"type":"query","format_version":1,"query":"dam","articles":43,"name":null}
{"type":"summary","total":11,"returned":0}
END

"$query" --json -n 2 --offset 3 "$corpus" gates >"$tmp/actual"
same 'ranks count on over --offset' '4 5 ' "$(sed -n 's/^{"type":"hit","rank":\([0-9]*\).*/\1/p' "$tmp/actual" | tr '\n' ' ')"

: >"$tmp/lines"
for question in '*' dam '"interest rates"' '~"interest rate"' 'gates -dam' 'resign*' '時計' zoe date:none '"dam collapse"' zeppelin; do
	"$query" --json -n 50 "$corpus" "$question" >>"$tmp/lines"
done
"$query" show --json "$corpus" $(seq 1 43) >>"$tmp/lines"
ok 'nothing in them could drive a terminal' sh -c '! LC_ALL=C grep -qP "[\\x00-\\x09\\x0b-\\x1f\\x7f]" "$1"' sh "$tmp/lines"

cat >"$tmp/check.py" <<'END'
import json, sys
keys = {
    "query": "type format_version query articles name",
    "hit": "type rank id key score date title source section url path snippets",
    "no_hits": "type format_version parts spellings changes name",
    "summary": "type total returned",
    "article": "type format_version id revision key date title source author section url lang tags path offset body furniture revisions",
}
stems = {"dam": ("dam",), '"interest rates"': ("interest",), '~"interest rate"': ("interest",), "gates -dam": ("gate",),
         "resign*": ("resign",), "時計": ("時計",), "zoe": ("zoe", "zoë"), '"dam collapse"': ("dam",)}

def ranges(pairs, size):
    at = 0
    for start, end in pairs:
        assert at <= start < end <= size, pairs
        at = end

question, hits = None, 0
for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    o = json.loads(line)
    assert list(o) == keys[o["type"]].split(), line
    if o["type"] == "query":
        assert question is None, "a summary is missing"
        question, hits = o["query"], 0
    elif o["type"] == "hit":
        hits += 1
        assert o["rank"] == hits and isinstance(o["score"], float)
        for s in o["snippets"]:
            text = s["text"].encode()
            ranges(s["marks"], len(text))
            assert len(text) <= 400 and text == text.strip() and b"  " not in text, s
            for start, end in s["marks"]:
                word = text[start:end].decode().lower().replace("\u00ad", "").replace("e\u0308", "ë")
                assert word.startswith(stems[question]), (question, word)
    elif o["type"] == "summary":
        assert o["returned"] == hits <= o["total"], line
        question = None
    elif o["type"] == "no_hits":
        assert hits == 0 and all(c["matches"] > 0 for c in o["changes"]), line
    else:
        ranges(o["furniture"], len(o["body"].encode()))
assert question is None, "a summary is missing"
END
if python3 -c 'import json' 2>"$tmp/stderr"; then
	ok 'every line is JSON, its members in the order of the manual, its marks on the words' \
		python3 "$tmp/check.py" "$tmp/lines"
else
	skip 'every line is JSON, its members in the order of the manual, its marks on the words' 'no python3'
fi
for type in query hit summary article; do
	sed -n "s/^| \`$type\` | type.*/x/p" docs/OUTPUT.md | grep -q x
	report $? "the manual lists the members of $type"
done

finish
