#!/bin/sh
# bench-game: the benchmark's protocol over the bundled articles. Its answers are those of `query`.
. tests/lib.sh
make_corpus
game=$BUILD/bin/bench-game
tab=$(printf '\t')

# commands LINE...: command lines, a tab for the first space of each.
commands() { printf '%s\n' "$@" | sed "s/ /$tab/"; }

# answers WANTED QUERY WORDS...: COUNT and both kinds of TOP agree with `query -c` and `query -l` of WORDS.
answers() {
	wanted=$1 game_query=$2
	shift 2
	hits=$("$query" -l -n 10 "$corpus" "$@" | wc -l)
	same "$game_query: query counts $wanted" "$wanted" "$("$query" -c "$corpus" "$@")"
	same "$game_query: so does the game" "$wanted $((hits)) $wanted $wanted $wanted" \
		"$(commands "COUNT $game_query" "TOP_10 $game_query" "TOP_100 $game_query" "TOP_10_COUNT $game_query" \
			"TOP_100_COUNT $game_query" | "$game" "$corpus" | xargs)"
}

# refuses WANTED LINE...: each line is answered by these words.
refuses() {
	wanted=$1
	shift
	same "$*: $wanted" "$wanted" "$(commands "$@" | "$game" "$corpus" | xargs)"
}

answers 15 gates gates
answers 10 '+dam +gates' dam gates
answers 19 'dam strike' dam OR strike
answers 3 '"interest rate"' '~"interest rate"'
answers 2 COVID-19 COVID-19
answers 0 nosuchword nosuchword

# "... WITH BREAKFAST ACCORD" is a headline whose body begins "PORT AVERIL": no neighbours.
answers 0 '"accord port"' '~"accord port"'
answers 1 '"breakfast accord"' 'title:~"breakfast accord"' 'port'

refuses UNSUPPORTED 'TOP_7 dam'
refuses UNSUPPORTED 'COUNT '
refuses UNSUPPORTED 'COUNT dam -gates'
refuses UNSUPPORTED 'COUNT +dam gates'
refuses UNSUPPORTED 'COUNT title:dam'
refuses UNSUPPORTED 'COUNT dam OR strike'
refuses UNSUPPORTED 'COUNT "dam'
refuses UNSUPPORTED 'COUNT resign*'
refuses UNSUPPORTED 'COUNT """'
refuses UNSUPPORTED dam
refuses '15 UNSUPPORTED 15' 'COUNT gates' '' 'COUNT gates'

# Each line is answered before the next is read; one that waits for more would wait a minute here.
mkfifo "$tmp/to" "$tmp/from"
timeout 60 "$game" "$corpus" <"$tmp/to" >"$tmp/from" &
exec 8>"$tmp/to" 9<"$tmp/from"
printf 'COUNT\tgates\n' >&8
read -r one <&9
printf 'COUNT\tdam\n' >&8
read -r two <&9
exec 8>&- 9<&-
wait
same 'a line is answered at once' '15 11' "$one $two"

# ---- measuring ----

commands 'COUNT gates' 'TOP_10 +dam +gates' 'COUNT title:dam' 'TOP_10_COUNT dam strike' >"$tmp/commands"
"$game" "$corpus" bench 3 10 <"$tmp/commands" >"$tmp/measured"
same 'bench ends well' 0 $?
same 'bench: command, query, count and runs, in the order given' "$(cat <<END
COUNT|gates|15|3
TOP_10|+dam +gates|10|3
COUNT|title:dam|-1|3
TOP_10_COUNT|dam strike|19|3
END
)" "$(cut -f 1-3,6 "$tmp/measured" | tr '\t' '|')"
same 'bench: the best and then the median, in microseconds' 4 \
	"$(cut -f 4,5 "$tmp/measured" | awk -F '\t' '/^[0-9]+\.[0-9]\t[0-9]+\.[0-9]$/ && $1 <= $2' | wc -l | tr -d ' ')"
same 'bench: what has used its time is recorded once' '1 1 1 1' \
	"$("$game" "$corpus" bench 5 0 <"$tmp/commands" | cut -f 6 | xargs)"
same 'bench: of nothing, nothing' '' "$("$game" "$corpus" bench 2 1 </dev/null)"

printf 'COUNT\tdam\nCOUNT dam\n' >"$tmp/commands"
"$game" "$corpus" bench 3 10 <"$tmp/commands" >"$tmp/actual" 2>"$tmp/stderr"
same 'bench: a line that is no command ends it' 2 $?
expect_in 'and is named' "$tmp/stderr" 'line 2'
expect_status 'bench wants its limits' 2 "$game" "$corpus" bench 0 10
expect_status 'and nothing else' 2 "$game" "$corpus" bench 3 ten
expect_status 'an archive that is not there' 3 "$game" "$tmp/none.morgue"
finish
