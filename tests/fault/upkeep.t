#!/bin/sh
# Whatever goes wrong while the index is made anew, sealed or copied: the archive answers as before, a copy is whole or
# not there, and the same command once more does it.
. tests/lib.sh
. tests/fault/loops.sh

need_interpose

base=$tmp/base.morgue
archive=$tmp/a.morgue
copy=$tmp/copy.morgue
dams 9 >"$tmp/nine.jsonl"
printf 'Late\n\nA late article speaks of dams too.\n' >"$tmp/late.txt"
"$indexer" add -q "$base" "$tmp/nine.jsonl"
"$indexer" seal -q "$base"
"$indexer" add -q "$base" "$tmp/late.txt"
same 'a segment and a tail to begin with' '9 1' \
	"$("$indexer" stats --json "$base" | sed 's/.*"docs":\([0-9]*\),.*"tail":\([0-9]*\).*/\1 \2/')"

attempt() {
	rm -rf "$archive" "$tmp"/copy.morgue*
	cp -R "$base" "$archive"
	[ -z "$damage" ] || rm -f "$archive"/*.seg
	fault "$indexer" $command
}

# All ten articles are found, but where the segment was gone before and nothing has been made yet.
check_readable() {
	found=$("$query" -c "$archive" dams 2>"$tmp/query.err")
	case $?:$found in
	0:10) ;;
	3:) [ -n "$damage" ] && [ "$status" -ne 0 ] || bad 'it cannot be read' ;;
	*) bad "$found articles are found" ;;
	esac
}

# Once more with nothing going wrong: all is there, sound, and nothing else is.
check_again() {
	case $command in
	snapshot*)
		if [ -e "$copy" ]; then
			"$indexer" verify --deep -q "$copy" 2>"$tmp/again.err" || bad 'the copy is not sound'
		else
			[ "$status" -ne 0 ] || bad 'exit 0, and no copy'
			"$indexer" $command 2>"$tmp/again.err" || bad 'the next run fails'
		fi
		[ "$("$query" -c "$copy" dams 2>"$tmp/query.err")" = 10 ] || bad 'the copy has other articles'
		[ "$status" -eq 137 ] || [ -n "$stays" ] || ! ls "$tmp" | grep -q 'copy.morgue.tmp' || bad 'half a copy is left behind'
		;;
	*) "$indexer" $command 2>"$tmp/again.err" || bad 'the next run fails' ;;
	esac
	[ "$("$query" -c "$archive" dams 2>"$tmp/query.err")" = 10 ] || bad 'then other articles are found'
	"$indexer" verify --deep -q "$archive" 2>"$tmp/again.err" || bad 'then verify finds fault'
	case $(ls -A "$archive" | tr '\n' ' ') in
	'000000'??'.seg catalog.db lock ' | '000000'??'.seg 000000'??'.seg catalog.db lock ') ;;
	*) bad "left behind: $(ls -A "$archive" | tr '\n' ' ')" ;;
	esac
}

interrupted() {
	case $status in
	0) ;;
	5) grep -q 'stopped on request' "$tmp/run.err" || bad 'it does not say so' ;;
	*) bad 'an exit status of its own' ;;
	esac
}

finished() {
	[ "$status" -eq 0 ] || bad 'it fails'
}

often=$(every 13)
for what_is_done in rebuild cure seal snapshot; do
	path=$archive damage= stays=
	case $what_is_done in
	rebuild) command="rebuild -q $archive" ;;
	cure) command="rebuild -q $archive" damage=1 ;;
	seal) command="seal -q $archive" ;;
	snapshot) command="snapshot -q $archive $copy" path=$tmp/copy.morgue ;;
	esac
	fault_loop "$what_is_done: the n-th call fails" "$changes" EIO failed "$often"
	fault_loop "$what_is_done: killed at the n-th call" "$changes" KILL killed "$often"
	fault_loop "$what_is_done: a signal at the n-th call" "$changes" INT interrupted "$often"
	fault_loop "$what_is_done: the n-th write does half" write short finished "$often"
	stays=1
	fault_loop "$what_is_done: the disk is full from the n-th call on" "$changes" ENOSPC failed "$often"
done

# Who only looks is stopped by a signal, too, and leaves nothing in the folder for temporary files.
mkdir "$tmp/tmp"
export TMPDIR="$tmp/tmp"
command="verify --deep -q $archive" path= damage= stays=
fault_loop 'verify: a signal when memory is asked for the n-th time' memory INT interrupted '* 3 / 2 + 1'
same 'nothing is left of what it made' '' "$(ls -A "$tmp/tmp")"
unset TMPDIR

# kill -9 at whatever instant of whatever command, again and again on one archive: what was there stays, all is sound.
crash=$tmp/crash.morgue
input=$tmp/input
rounds=10
[ -z "${MORGUE_TEST_LONG:-}" ] || rounds=400
mkdir "$input"
cp "$tmp/nine.jsonl" "$input"
"$indexer" add -q "$crash" "$input"
round=0 last=9 lost=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	printf 'Number %s\n\nThe text of round %s speaks of dams.\n' "$round" "$round" >"$input/$round.txt"
	case $((round * 7 % 6)) in
	0) command="add -q $crash $input" ;;
	1) command="optimize -q $crash" ;;
	2) command="update -q $crash" ;;
	3) command="seal -q $crash" ;;
	4) command="rebuild -q $crash" ;;
	5) command="add -q $crash $input" ;;
	esac
	"$indexer" $command 2>"$tmp/run.err" &
	pid=$!
	sleep "0.0$((round * 37 % 10))"
	kill -KILL "$pid" 2>"$tmp/kill.err"
	wait "$pid" 2>"$tmp/kill.err"
	found=$("$query" -c "$crash" dams 2>"$tmp/query.err") || found=0
	[ "$found" -ge "$last" ] && [ "$found" -le $((round + 9)) ] && "$indexer" verify --deep -q "$crash" 2>"$tmp/again.err" || {
		echo "# round $round, $command: $found articles, $last before"
		sed 's/^/#     /' "$tmp/query.err" "$tmp/again.err"
		lost=$((lost + 1))
	}
	last=$found
done
same "killed $rounds times on one archive, at different work: nothing is lost" 0 "$lost"
ok 'the next run' "$indexer" update -q "$crash"
ok 'and one that sweeps' "$indexer" optimize -q "$crash"
same 'brings the rest' $((rounds + 9)) "$("$query" -c "$crash" dams)"
case $(ls -A "$crash" | tr '\n' ' ') in
'00000'???'.seg catalog.db lock ') names=clean ;;
*) names=$(ls -A "$crash") ;;
esac
same 'and nothing is left behind' clean "$names"

finish
