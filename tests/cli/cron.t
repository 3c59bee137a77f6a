#!/bin/sh
# The script and the crontab of README.md, "Scripts and cron", taken from there and run as
# cron runs them: in an empty environment, by the commands' installed names.
. tests/lib.sh

home=$tmp/home
news=$home/news.morgue
mkdir -p "$home/bin" "$home/incoming"
for program in indexer query; do
	ln -s "$PWD/$BUILD/bin/$program" "$home/bin/morgue-$program"
done
# block N: the N-th code block of the section.
block() {
	awk -v wanted="$1" '/^## /{ inside = $0 == "## Scripts and cron" }
		inside && /^```/ { code = !code; n += code; next } inside && code && n == wanted' README.md
}
block 1 >"$home/bin/morgue-watch"
chmod +x "$home/bin/morgue-watch"
block 2 | sed "s,/home/me,$home,g" >"$tmp/crontab"
grep '^[A-Z]*=' "$tmp/crontab" >"$tmp/settings"
sed -n 's/^\([0-9*]* \{1,\}\)\{5\}//p' "$tmp/crontab" >"$tmp/jobs"
same 'the crontab has settings and two jobs' '2 2' "$(wc -l <"$tmp/settings" | tr -d ' ') $(wc -l <"$tmp/jobs" | tr -d ' ')"
same 'no percent sign, which cron would read as the end of a line' 0 "$(grep -c % "$tmp/jobs")"

# job N: what cron would mail, both streams, in $tmp/mail.
job() {
	env -i HOME="$home" LOGNAME=me SHELL=/bin/sh sh -c 'cd && eval "$0" && exec sh -c "$1"' \
		"$(sed 's/^/export /' "$tmp/settings")" "$(sed -n "$1p" "$tmp/jobs")" >"$tmp/mail" 2>&1
	status=$?
}

cp -R corpus/text corpus/jsonl corpus/reuters "$home/incoming/"
job 1
same 'adding: rejected lines are no mail' '0 ' "$status $(cat "$tmp/mail")"
same 'they are in the file' 2 "$(grep -c '"type":"rejected"' "$news.rejected")"
same 'and the articles in the archive' 43 "$("$query" -c "$news" '*')"
job 2
same 'the first time every hit is mailed' "$("$query" -c "$news" '"Tarn Edge" (inquiry OR breach* OR =Gates)')" \
	"$(grep -c '^number ' "$tmp/mail")"
ok 'as an article' grep -q '^Dam that killed eleven was put off at seventeen meetings' "$tmp/mail"
job 2
same 'the next time none' '0 ' "$status $(cat "$tmp/mail")"

printf 'Inquiry into Tarn Edge is to be reopened\n\nMr Gates had no comment.\n' >"$home/incoming/20240601.txt"
printf 'Nothing about it\n\nA dog show was held in Skelby.\n' >"$home/incoming/20240602.txt"
job 1
same 'two more articles' 45 "$("$query" -c "$news" '*')"
job 2
same 'the one that answers is mailed' '1 0' "$(grep -c '^number ' "$tmp/mail") $status"
ok 'it is that one' grep -q '^Inquiry into Tarn Edge is to be reopened$' "$tmp/mail"

# A question without an answer, and one that begins with a minus sign.
watch() {
	env -i PATH="$home/bin:$PATH" MORGUE="$news" morgue-watch "$@" >"$tmp/mail" 2>&1
	status=$?
}
watch none 'zeppelin'
same 'no hit is no fault' '0 ' "$status $(cat "$tmp/mail")"
watch minus '-dam title:wall'
same 'a question with a minus in front is no option' 0 "$status"

# Faults are mailed, and what was seen is not forgotten.
cp "$news.dam" "$tmp/seen"
mv "$news" "$home/elsewhere"
job 2
ok 'no archive: not 0' test "$status" -ne 0
expect_in 'mailed' "$tmp/mail" "morgue-query: $news: no such archive"
ok 'what was seen stays' cmp "$tmp/seen" "$news.dam"
mkdir "$news"
echo 'something else' >"$news/letter.txt"
job 1
expect_in 'nothing to add to: mailed' "$tmp/mail" "morgue-indexer: $news: no archive, but a directory with other files"
finish
