# tests/lib.sh - what the command line tests share; `. tests/lib.sh` from the project's root.
#
# A test names what it expects on standard input and runs a command:
#
#	expect 'phrase matches adjacent words only' 0 "$query" "$archive" '"strike ballot"' <<'END'
#	...the whole of standard output...
#	END
#
# Each check is one TAP line. $corpus is an archive of the bundled articles, made
# once a script; few as they are, they stand in its tail unless they are sealed. Everything is written to $tmp, which goes away at the end.
set -u
LC_ALL=C.UTF-8
export LC_ALL
unset MORGUE MORGUE_TRACE NO_COLOR
: "${BUILD:=build/plain}"
indexer=$BUILD/bin/indexer
query=$BUILD/bin/query
tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-test.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
corpus=$tmp/corpus.morgue
count=0

# make_corpus [sealed]
make_corpus() {
	"$indexer" add -q "$corpus" corpus/text corpus/jsonl corpus/reuters 2>"$tmp/corpus.err"
	[ $? -le 1 ] || { cat "$tmp/corpus.err" >&2; echo 'Bail out! the corpus cannot be indexed'; exit 1; }
	[ "${1-}" != sealed ] || "$indexer" seal -q "$corpus"
}

# report STATUS NAME: one TAP line.
report() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# expect NAME STATUS COMMAND...: exit status and all of standard output (from standard input).
expect() {
	name=$1 wanted=$2
	shift 2
	cat >"$tmp/expected"
	"$@" >"$tmp/actual" 2>"$tmp/stderr"
	status=$?
	if [ "$status" -eq "$wanted" ] && diff "$tmp/expected" "$tmp/actual" >"$tmp/diff"; then
		report 0 "$name"
	else
		report 1 "$name"
		echo "# command: $*"
		echo "# exit status $status, expected $wanted"
		sed 's/^/# /' "$tmp/diff" "$tmp/stderr"
	fi
}

# expect_status NAME STATUS COMMAND...: only the exit status.
expect_status() {
	name=$1 wanted=$2
	shift 2
	"$@" >"$tmp/actual" 2>"$tmp/stderr"
	status=$?
	[ "$status" -eq "$wanted" ]
	report $? "$name"
	[ "$status" -eq "$wanted" ] || { echo "# exit status $status, expected $wanted"; sed 's/^/# /' "$tmp/stderr"; }
}

# expect_in NAME FILE TEXT: the file (of the last command: "$tmp/actual", "$tmp/stderr") holds the text.
expect_in() {
	grep -qF -- "$3" "$2"
	status=$?
	report "$status" "$1"
	[ "$status" -eq 0 ] || { echo "# not found: $3"; sed 's/^/# /' "$2" | head -n 20; }
}

# ok NAME COMMAND...: it succeeds; what it prints is shown only if it does not.
ok() {
	name=$1
	shift
	"$@" >"$tmp/ok.out" 2>&1
	status=$?
	report "$status" "$name"
	[ "$status" -eq 0 ] || { echo "# failed: $*"; sed 's/^/# /' "$tmp/ok.out" | head -n 20; }
}

# same NAME WANTED GOT: two strings are equal.
same() {
	[ "$2" = "$3" ]
	status=$?
	report "$status" "$1"
	[ "$status" -eq 0 ] || printf '# wanted: %s\n# got:    %s\n' "$2" "$3"
}

# The titles of the hits for a question on the corpus archive, in order.
titles() {
	"$query" --json -n 100 "$corpus" "$@" | sed -n 's/^{"type":"hit".*"title":"\([^"]*\)".*/\1/p'
}

# unsafe FILE...: do the files hold a byte or character that could drive a terminal? Control
# bytes, C1 controls, marks and overrides of direction, bytes that are no UTF-8.
unsafe() {
	LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf' "$@" ||
		! iconv -f UTF-8 -t UTF-8 "$@" >/dev/null 2>&1
}

# The calls that change a disk.
changes='open write sync rename truncate unlink'

# every N: how fault_loop goes on: call by call in the long run, else by N.
every() { [ -z "${MORGUE_TEST_LONG:-}" ] && echo "+ $1" || echo '+ 1'; }

# The library that makes calls fail (tests/fault/interpose.c), or skip the whole script.
need_interpose() {
	interpose=$PWD/$BUILD/tests/fault/interpose.so
	case $BUILD in
	*address* | *thread* | *memory* | *undefined*) why='a sanitizer watches these calls itself' ;;
	*) why='it cannot be built here' ;;
	esac
	if [ "$why" != 'it cannot be built here' ] || [ ! -e "$interpose" ]; then
		echo "1..0 # SKIP the library that makes calls fail: $why"
		exit 0
	fi
}

# Every call of a program going wrong in turn. The script sets $path (the files that count) and $stays, and has two
# functions: attempt, which makes things ready and calls `fault COMMAND...`, and judge CHECK, which looks at what came of
# it and calls `bad SENTENCE` where it is not right.

# fault COMMAND...: run it with call number $at of $calls going wrong as $action says (tests/fault/interpose.c); its exit
# status in $status, what it printed in $tmp/run.out and $tmp/run.err.
fault() {
	rm -f "$tmp/fired"
	env --default-signal=INT LD_PRELOAD="$interpose" FAULT_CALLS="$calls" FAULT_DO="$action" FAULT_AT="$at" FAULT_FIRED="$tmp/fired" \
		FAULT_PATH="$path" ${stays:+FAULT_STAYS=1} "$@" >"$tmp/run.out" 2>"$tmp/run.err"
	status=$?
}

bad() {
	echo "# $what, call $at: $1 (exit status $status)"
	sed 's/^/#     /' "$tmp/run.err" "$tmp/query.err" "$tmp/again.err" 2>/dev/null
	failures=$((failures + 1))
}

# fault_loop NAME CALLS DO CHECK [NEXT]: one call after the other goes wrong, until a run ends in which none did; NEXT gives
# the next call to try, '+ 1' if not given. The last run must succeed.
fault_loop() {
	what=$1 calls=$2 action=$3
	failures=0 at=1 tried=0
	: >"$tmp/query.err"
	: >"$tmp/again.err"
	while
		attempt
		[ -e "$tmp/fired" ]
	do
		tried=$((tried + 1))
		judge "$4"
		at=$(($at ${5:-+ 1}))
		[ "$failures" -lt 3 ] || break
	done
	[ "$failures" -ne 0 ] || [ "$status" -eq 0 ] || bad 'without a fault it fails'
	[ "$tried" -gt 0 ] || bad 'nothing went wrong'
	same "$what ($tried calls)" 0 "$failures"
}

finish() {
	echo "1..$count"
}
