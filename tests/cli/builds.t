#!/bin/sh
# The same bytes whoever compiled the programs: segments and answers of -O0, -O3, gcc, clang, with and
# without AVX2. It builds them all, so only `make test-long` does it.
. tests/lib.sh

if [ -z "${MORGUE_TEST_LONG:-}" ]; then
	echo '1..0 # SKIP builds the programs several times: make test-long'
	exit 0
fi

articles=4000
input=$tmp/news.jsonl
"$BUILD/bin/generate" "$articles" >"$input" || { echo 'Bail out! no articles'; exit 1; }

# Some hundreds of questions of every kind over words that follow each other in the articles.
LC_ALL=C grep -oE '[a-z]{3,12}' "$input" | awk '
	NR % 997 < 3 { word[n++] = $0 }
	function ask(question) { print question }
	END {
		for (i = 0; i + 5 < n && asked < 40; i += 3) {
			a = word[i]; b = word[i + 1]; c = word[i + 2]; d = word[i + 3]
			asked++
			ask(a)
			ask(a " " b)
			ask(a " OR " b " OR " c " OR " d)
			ask("\"" a " " b "\"")
			ask("~\"" a " " b " " c "\" OR " d)
			ask("(" a " OR " b ") " c " -" d)
			ask("title:" a " OR =" b)
			ask(substr(a, 1, 3) "* -" b)
			ask(a " OR NOT " b)
			ask(a " date:1990..")
		}
	}' >"$tmp/questions"
asked=$(wc -l <"$tmp/questions")
[ "$asked" -ge 300 ]
report $? 'there are some hundreds of questions'

# make_programs NAME CC CFLAGS: into $tmp/NAME/bin.
make_programs() {
	${MAKE:-make} --no-print-directory -s CC="$2" CFLAGS="$3" SAN= WERROR= B="$tmp/$1" \
		"$tmp/$1/bin/indexer" "$tmp/$1/bin/query" >"$tmp/$1.log" 2>&1
}

# answer NAME PROGRAM: all questions, asked in several ways, of the archive NAME, into $tmp/NAME.answers.
answer() {
	for how in '-n 10' '-n 300 --any' '-n 30 --k1 3 --b 1' '-n 100 -s newest'; do
		"$2" --json $how --batch "$tmp/questions" "$tmp/$1.morgue"
	done >"$tmp/$1.answers" 2>&1
}

# build_and_compare NAME CC CFLAGS: its segments and answers are those of the first.
build_and_compare() {
	if ! command -v "$2" >/dev/null 2>&1; then
		skip "$1: the same segments" "no $2"
		return
	fi
	ok "$1: builds" make_programs "$@"
	"$tmp/$1/bin/indexer" add -q "$tmp/$1.morgue" "$input" corpus/jsonl corpus/reuters corpus/text 2>/dev/null
	answer "$1" "$tmp/$1/bin/query"
	[ "$1" = O2 ] && return
	ok "$1: the same segments" diff_segments "$1"
	ok "$1: the same answers" cmp "$tmp/O2.answers" "$tmp/$1.answers"
}

diff_segments() {
	[ "$(cd "$tmp/O2.morgue" && echo *.seg)" = "$(cd "$tmp/$1.morgue" && echo *.seg)" ] || return 1
	for segment in "$tmp/O2.morgue"/*.seg; do
		cmp "$segment" "$tmp/$1.morgue/${segment##*/}" || return 1
	done
}

build_and_compare O2 "${CC:-cc}" '-O2'
[ "$(grep -c '"type":"hit"' "$tmp/O2.answers")" -gt 1000 ]
report $? 'the questions have answers'
build_and_compare O0 "${CC:-cc}" '-O0'
build_and_compare O3 "${CC:-cc}" '-O3'
build_and_compare native "${CC:-cc}" '-O3 -march=native'
build_and_compare clang clang '-O2'
build_and_compare clang-O0 clang '-O0'

# What every processor has.
mv "$tmp/O2.answers" "$tmp/O2.kept"
MORGUE_NO_AVX2=1 answer O2 "$tmp/O2/bin/query"
ok 'without AVX2: the same answers' cmp "$tmp/O2.kept" "$tmp/O2.answers"

finish
