#!/bin/sh
# A file system that is really full: a small tmpfs in a mount namespace of its own, gone with the
# process that sees it.
. tests/lib.sh

disk=$tmp/disk
mkdir "$disk"
if [ "$(id -u)" -eq 0 ]; then unshare='unshare -m'; else unshare='unshare -rm'; fi
if [ "${1:-}" != inside ]; then
	if $unshare mount -t tmpfs -o size=64k none "$disk" 2>"$tmp/stderr"; then
		rm -rf "$tmp"
		BUILD=$BUILD exec $unshare sh "$0" inside
	fi
	echo '1..0 # SKIP no mount namespaces here'
	exit 0
fi

archive=$disk/a.morgue
mended=$tmp/mended.morgue
bundled=43
input='corpus/text corpus/jsonl corpus/reuters'
step=90
[ -z "${MORGUE_TEST_LONG:-}" ] || step=12

# Room from nearly none to enough, in KB; the archive with its log needs about 1500.
full=0 wrong=0 kilobytes=64
while [ "$kilobytes" -le 1900 ]; do
	mount -t tmpfs -o size="${kilobytes}k" none "$disk" || exit 1
	MORGUE_TEST_BATCH=1 "$indexer" add --errors "$tmp/errors" "$archive" $input >"$tmp/stdout" 2>"$tmp/stderr"
	status=$?
	kept=$(sed -n 's/^\([0-9]*\) articles\{0,1\}, in whole batches.*/\1/p; s/^Nothing was added.*/0/p' "$tmp/stderr")
	found=$("$query" -c "$archive" '*' 2>"$tmp/query.err") || found=0
	case $status in
	3)
		full=$((full + 1))
		grep -q "^indexer: $archive.*\(No space left on device\|disk is full\|disk I/O error\)" "$tmp/stderr" || wrong=$((wrong + 1))
		tail -n 1 "$tmp/errors" | grep -q '^{"type":"summary",.*"ended":"failed","reason":"/.*' || wrong=$((wrong + 1))
		;;
	*) kept=$bundled ;;
	esac
	[ "$found" -eq "$kept" ] || {
		wrong=$((wrong + 1))
		echo "# $kilobytes KB: it says $kept, and $found are there"
		sed 's/^/# /' "$tmp/stderr" "$tmp/query.err"
	}
	rm -rf "$mended"
	cp -R "$archive" "$mended"
	umount "$disk"
	"$indexer" add -q "$mended" $input 2>"$tmp/stderr"
	[ $? -eq 1 ] && [ "$("$query" -c "$mended" '*')" -eq "$bundled" ] && "$indexer" verify -q "$mended" || {
		wrong=$((wrong + 1))
		echo "# $kilobytes KB: the next run, with room, does not mend it"
		sed 's/^/# /' "$tmp/stderr"
	}
	! ls "$mended" | grep -q 'tmp$\|-wal$' || wrong=$((wrong + 1))
	kilobytes=$((kilobytes + step))
done
last=$status
ok 'some sizes are too small' test "$full" -gt 3
same 'the last is enough' 1 "$last"
same 'what is said to be kept is there, and with room the rest is added' 0 "$wrong"

finish
