#!/bin/sh
# Help fits a screen, and its examples, run on the bundled articles, do what they say.
. tests/lib.sh
PATH=$(cd "$BUILD/bin" && pwd):$PATH
make_corpus
root=$PWD

# fits NAME FILE: 24 lines of 80 columns.
fits() {
	same "$1: no line over 80 columns" 0 "$(grep -c '.\{81\}' "$2")"
	ok "$1: at most 24 lines" test "$(wc -l <"$2")" -le 24
}

for program in query indexer; do
	for ask in --help -h; do
		"$program" $ask >"$tmp/actual" 2>"$tmp/stderr"
		same "$program $ask: exit 0" 0 $?
		ok 'on standard output' sh -c '[ -s "$1" ] && [ ! -s "$2" ]' sh "$tmp/actual" "$tmp/stderr"
	done
	fits "$program --help" "$tmp/actual"
	"$program" help >"$tmp/topics" 2>"$tmp/stderr"
	same "$program help: exit 0" 0 $?
	same "$program help lists every topic" "$(ls "$program/help" | sed -n 's/\.txt$//p' | grep -vx usage | tr '\n' ' ')" \
		"$(awk '{ printf "%s ", $1 }' "$tmp/topics")"
	for topic in $(awk '{ print $1 }' "$tmp/topics"); do
		"$program" help "$topic" >"$tmp/$program.$topic" 2>"$tmp/stderr"
		ok "$program help $topic is the text" cmp "$program/help/$topic.txt" "$tmp/$program.$topic"
		fits "$program help $topic" "$tmp/$program.$topic"
	done
	# Installed they have longer names.
	ln -s "$root/$BUILD/bin/$program" "$tmp/morgue-$program"
	for topic in help $(awk '{ print $1 }' "$tmp/topics"); do
		"$tmp/morgue-$program" help "$topic" >"$tmp/actual"
		same "morgue-$program help $topic: no line over 80 columns" '' "$(grep '.\{81\}' "$tmp/actual")"
		same 'both programs by their names' '' "$(grep -E '(^|[^-"/[:alnum:]])(query|indexer)([^-"[:alnum:]]|$)' "$tmp/actual")"
	done
	"$program" help help >"$tmp/actual"
	ok "$program help help" cmp "$program/help/usage.txt" "$tmp/actual"
	"$program" help sintax addd mpa >"$tmp/actual" 2>"$tmp/stderr"
	same "$program help of what is no topic: exit 2" 2 $?
	ok 'lists them' sh -c 'grep -v "^[^ ]" "$1" | cmp - "$2"' sh "$tmp/stderr" "$tmp/topics"
done
query help sintax >"$tmp/actual" 2>"$tmp/stderr"
expect_in 'and names the nearest' "$tmp/stderr" "help: there is no topic 'sintax'; did you mean syntax?"
query help --json >"$tmp/actual"
ok 'a topic may be written as the option' cmp query/help/json.txt "$tmp/actual"
ok 'query show --help' query show --help

# ---- commands and questions ----

same 'a question that begins with a command' "$(query -c "$corpus" help)" "$(query search -c "$corpus" help)"
ok 'in an archive of that name' sh -c 'cd "$1" && cp -R "$2" help && query search -c help dam' sh "$tmp" "$corpus"

# ---- the examples ----

# Each line "  query ... # N..." finds N articles; any other of query or indexer succeeds,
# or finds nothing to reject but what the corpus has broken on purpose.
mkdir "$tmp/run" && ln -s "$root/corpus" "$tmp/run/corpus"
cat query/help/*.txt indexer/help/*.txt | grep -E '^  ([A-Z_]+=[^ ]+ )?(query|indexer|zcat) ' | grep -v '^  query help' >"$tmp/examples"
question='dam -levy'
export question
while IFS= read -r example; do
	wanted=$(printf '%s\n' "$example" | sed -n 's/.*# \([0-9][0-9]*\)[: ].*/\1/p')
	rm -rf "$tmp/run/news.morgue" "$tmp/run/zeitung.morgue"
	cp -R "$corpus" "$tmp/run/news.morgue"
	case $example in *'verify zeitung'*) cp -R "$corpus" "$tmp/run/zeitung.morgue" ;; esac
	(cd "$tmp/run" && eval "$example") >"$tmp/actual" 2>"$tmp/stderr"
	status=$?
	case $example in
	*'indexer add'*'corpus/jsonl'* | *'indexer update'*) [ "$status" -le 1 ] ;;
	*'query '*'# 12 stands'*) [ "$status" -eq 0 ] ;;
	*) [ "$status" -eq 0 ] && { [ -z "$wanted" ] ||
		[ "$(cd "$tmp/run" && eval "$(printf '%s\n' "$example" | sed 's/query /query -c /')" 2>"$tmp/stderr")" = "$wanted" ]; } ;;
	esac
	report $? "$example"
done <"$tmp/examples"
ok 'there are many' test "$(wc -l <"$tmp/examples")" -gt 40
same 'query -c prints what help scripts says' 8 "$(query -c "$corpus" title:dam date:2019..)"

finish
