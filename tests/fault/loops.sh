# tests/fault/loops.sh - what `fault_loop` (tests/lib.sh) wants of a script whose command changes one archive.
#
# $command runs on a copy $archive of $base. "dams" has $before hits before it, and $after it $after.

often=$(every 3)

# dams N: so many articles, as JSON lines.
dams() {
	for n in $(seq 1 "$1"); do
		printf '{"id":%s,"title":"Number %s","body":"The text of article %s, which speaks of dams."}\n' "$n" "$n" "$n"
	done
}

# The command on a fresh copy.
attempt() {
	rm -rf "$archive"
	cp -R "$base" "$archive"
	fault "$indexer" $command
}

# The old state or the new one is found, by a reader that comes first.
check_readable() {
	found=$("$query" -c "$archive" dams 2>"$tmp/query.err")
	[ "$found" = "$before" ] || [ "$found" = "$after" ] || bad "$found articles are found"
}

# The next run makes one sound segment, or none if there is nothing, and nothing else is there.
check_again() {
	"$indexer" optimize "$archive" 2>"$tmp/again.err" || bad 'the next run fails'
	[ "$("$query" -c "$archive" dams)" = "$found" ] || bad 'then other articles are found'
	"$indexer" verify -q "$archive" 2>"$tmp/again.err" || bad 'then verify finds fault'
	names=$(ls -A "$archive" | tr '\n' ' ')
	case $found:$names in
	0:'catalog.db lock ' | [1-9]*:'000000'??'.seg catalog.db lock ') ;;
	*) bad "left behind: $names" ;;
	esac
}

judge() {
	check_readable
	"$1"
	check_again
}

failed() {
	case $status in
	0) ;;
	3)
		grep -q "^indexer: .*\(No space left on device\|disk is full\|Input/output error\|I/O error\|readonly database\|unable to open\|temporary file\)" "$tmp/run.err" ||
			bad 'no sentence with the reason'
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

interrupted() {
	case $status in
	0) ;;
	5)
		grep -q 'stopped on request' "$tmp/run.err" && grep -q "run the same command again\|are removed; 'indexer optimize'" "$tmp/run.err" ||
			bad 'it does not say so'
		! ls "$archive" | grep -q 'tmp$\|-wal$' || bad 'something is left behind'
		;;
	*) bad 'an exit status of its own' ;;
	esac
}

killed() {
	[ "$status" -eq 137 ] || bad 'not killed'
}

exhausted() {
	case $status in
	0) ;;
	3) head -n 1 "$tmp/run.err" | grep -q '^indexer: .*out of memory' || bad 'it does not say why' ;;
	*) bad 'an exit status of its own' ;;
	esac
}
