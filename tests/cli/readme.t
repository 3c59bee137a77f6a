#!/bin/sh
# What README.md shows is what the programs print today: each "$ command" of its five
# minutes is run, in order, and compared with the lines under it. "..." ends a long one;
# the line with the time is left out.
. tests/lib.sh
PATH=$(cd "$BUILD/bin" && pwd):$PATH
root=$(pwd)
mkdir "$tmp/tour" && ln -s "$root/corpus" "$tmp/tour/corpus"

# Cut the section into $tmp/N.command and $tmp/N.shown.
awk -v dir="$tmp" '
	/^## / { inside = $0 == "## Five minutes" }
	!inside { next }
	/^```/ { code = !code; file = ""; next }
	code && /^\$ / { n++; print substr($0, 3) > (dir "/" n ".command"); file = dir "/" n ".shown"; printf "" > file; next }
	code && file { print > file }
	END { print n + 0 > (dir "/commands") }' README.md

n=1
while [ "$n" -le "$(cat "$tmp/commands")" ]; do
	command=$(cat "$tmp/$n.command")
	(cd "$tmp/tour" && eval "$command") 2>&1 | sed 's/[[:space:]]*$//' >"$tmp/printed"
	if [ "$(tail -n 1 "$tmp/$n.shown")" = ... ]; then
		sed '$d' "$tmp/$n.shown" >"$tmp/shown"
		head -n "$(wc -l <"$tmp/shown")" "$tmp/printed" >"$tmp/head" && mv "$tmp/head" "$tmp/printed"
	else
		cp "$tmp/$n.shown" "$tmp/shown"
	fi
	sed -i '/^  time  /d' "$tmp/shown" "$tmp/printed"
	diff "$tmp/shown" "$tmp/printed" >"$tmp/diff"
	status=$?
	report "$status" "$command"
	sed 's/^/# /' "$tmp/diff"
	n=$((n + 1))
done
same 'the section has commands' yes "$([ "$n" -gt 8 ] && echo yes)"
finish
