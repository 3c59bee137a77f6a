#!/bin/sh
# The man pages and the completions know every command and option that --help and the help
# of commands know, and no other; and the completions every word that an option takes.
. tests/lib.sh

options() { grep -oE -- '(^|[^-[:alnum:]])--[a-z][a-z0-9-]*' | grep -oE -- '--.*' | sort -u; }
words() { tr -cs 'A-Za-z0-9_' '\n' | grep . | sort -u; }
topics() { "$BUILD/bin/$1" help | sed 's/^ *\([^ ]*\).*/\1/'; }
commands() { "$BUILD/bin/$1" --help | sed -n "s/^\(usage:\|      \) $1 \([a-z][a-z]*\) .*/\2/p"; }

# The lines about options of --help, and of the topics that are commands.
in_help() {
	{
		"$BUILD/bin/$1" --help
		for topic in $(topics "$1"); do
			commands "$1" | grep -qx "$topic" && "$BUILD/bin/$1" help "$topic"
		done
	} | grep '^  *-' | options
}
in_man() { grep -oE 'Fl -[a-z][a-z0-9-]*' "docs/man/morgue-$1.1" | sed 's/Fl /-/' | options; }
in_bash() { sed -n "/^_morgue_$1()/,/^}/p" docs/completions/morgue.bash | options; }
in_zsh() {
	case $1 in query) functions='query\|show' ;; *) functions='indexer\|dump\|remove' ;; esac
	sed -n "/^_morgue_\($functions\)()/,/^}/p" docs/completions/morgue.zsh | options
}
in_fish() { sed -n "s/^complete -c morgue-$1 .*-l \([a-z0-9-]*\).*/--\1/p" docs/completions/morgue.fish | options; }

# has_all NAME WANTED FILE: each word of the file WANTED, of which there are some, is a word of the other.
has_all() {
	words <"$2" >"$tmp/wanted"
	same "$1" '' "$([ -s "$tmp/wanted" ] && words <"$3" | comm -23 "$tmp/wanted" - || echo 'nothing to look for')"
}

for program in indexer query; do
	in_help $program >"$tmp/help"
	same "$program: options were found" yes "$([ "$(wc -l <"$tmp/help")" -ge 8 ] && echo yes)"
	for place in man bash zsh fish; do
		in_$place $program >"$tmp/$place"
		same "$program --help and $place: the same options" '' "$(diff "$tmp/help" "$tmp/$place" | grep '^[<>]')"
	done
	commands $program >"$tmp/commands"
	sed -n 's/^\.It Cm //p' "docs/man/morgue-$program.1" >"$tmp/man"
	has_all "$program: the man page has all commands" "$tmp/commands" "$tmp/man"
	{ cat "$tmp/commands"; topics $program; } >"$tmp/wanted.$program"
	for shell in bash zsh fish; do
		sed -n "/^_morgue_$program()/,/^}/p; /^complete -c morgue-$program/p; /^_morgue_first()/,/^}/p" \
			docs/completions/morgue.$shell >"$tmp/shell"
		has_all "$program: $shell has all commands and topics" "$tmp/wanted.$program" "$tmp/shell"
	done
done

# Words that an option takes, from the source and from the messages that name them all.
sed -n '/codes\[\]\[2\]/,/^};/s/"[a-z]*", "\([a-z]*\)"/\n\1\n/gp' shared/text/stems.c | grep -x '[a-z][a-z]*' >"$tmp/languages"
"$indexer" add -f nothing "$tmp/x.morgue" corpus 2>&1 | sed -n 's/^There are: //p' >"$tmp/formats"
"$query" -s x "$tmp/x.morgue" dam 2>&1 | sed -n "s/ or / /; s/, not 'x'//; s/.*-s wants //p" >"$tmp/orders"
"$query" --color x "$tmp/x.morgue" dam 2>&1 | sed -n "s/ or / /; s/, not 'x'//; s/.*--color wants //p" >"$tmp/colors"
"$indexer" add --store x "$tmp/x.morgue" corpus 2>&1 | sed -n "s/ or / /; s/, not 'x'//; s/.*--store wants //p" >"$tmp/stores"
for kind in languages formats orders colors stores; do
	for shell in bash zsh fish; do
		has_all "$shell: all $kind" "$tmp/$kind" docs/completions/morgue.$shell
	done
	cat docs/man/*.1 >"$tmp/man"
	[ $kind = languages ] || has_all "man pages: all $kind" "$tmp/$kind" "$tmp/man"
done
finish
