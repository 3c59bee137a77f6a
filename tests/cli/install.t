#!/bin/sh
# `make install` puts everything in place, what is there works under its installed name,
# and `make uninstall` takes exactly that away.
. tests/lib.sh
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
root=$tmp/the\ root # a folder for DESTDIR may have any name
version=$(sed -n 's/.*define MORGUE_VERSION "\(.*\)".*/\1/p' shared/archive/args.h)

install_files() { make -s install B="$BUILD" DESTDIR="$root" PREFIX=/usr "$@"; }
placed() { (cd "$root" && find . -type f | LC_ALL=C sort | while read -r f; do echo "$(stat -c %a "$f") ${f#./}"; done); }

umask 077 # of no effect on what is installed
mkdir -p "$root/usr/share/fish/vendor_completions.d"
echo 'of another' >"$root/usr/share/fish/vendor_completions.d/other.fish"
ok 'make install' install_files
chmod 644 "$root/usr/share/fish/vendor_completions.d/other.fish"
expect 'each file is in its place, readable by all' 0 placed <<'END'
755 usr/bin/morgue-indexer
755 usr/bin/morgue-query
644 usr/share/bash-completion/completions/morgue-indexer
644 usr/share/bash-completion/completions/morgue-query
644 usr/share/doc/morgue/FORMAT.md
644 usr/share/doc/morgue/OUTPUT.md
644 usr/share/doc/morgue/QUERY.md
644 usr/share/fish/vendor_completions.d/morgue-indexer.fish
644 usr/share/fish/vendor_completions.d/morgue-query.fish
644 usr/share/fish/vendor_completions.d/other.fish
644 usr/share/man/man1/morgue-indexer.1
644 usr/share/man/man1/morgue-query.1
644 usr/share/man/man5/morgue-archive.5
644 usr/share/zsh/site-functions/_morgue
END
ok 'and so is each folder that was made' sh -c '! find "$1" -type d ! -perm 755 | grep .' sh "$root/usr/share/man"
placed >"$tmp/once"
ok 'make install once more' install_files
expect 'changes nothing' 0 placed <"$tmp/once"

# The programs, by their names, from another folder.
PATH=$root/usr/bin:$PATH
here=$(pwd)
cd "$tmp" || exit 1
expect_status 'morgue-indexer makes an archive' 1 morgue-indexer add -q news.morgue "$here/corpus/text" "$here/corpus/jsonl" "$here/corpus/reuters"
expect 'morgue-query asks it' 0 morgue-query -c news.morgue title:dam <<'END'
10
END
expect_status 'a question that finds nothing' 1 morgue-query news.morgue xyzzy
for program in indexer query; do
	morgue-$program --help >"$tmp/actual"
	expect_in "morgue-$program --help speaks of itself" "$tmp/actual" "usage: morgue-$program "
	same "morgue-$program --version" "morgue-$program $version" "$(morgue-$program --version | head -n 1)"
done
morgue-query --nothing 2>"$tmp/stderr"
expect_in 'so does an error' "$tmp/stderr" "Try 'morgue-query --help'"
cd "$here" || exit 1

# man pages
manual() { for page in indexer.1 query.1 archive.5; do "$@" "$root/usr/share/man/man${page##*.}/morgue-$page" || return; done; }
ok 'man pages: the version' manual grep -qx "\.Os Morgue $version"
ok 'man pages: the folder of the docs' manual grep -qx '\.It Pa /usr/share/doc/morgue'
ok 'man pages: nothing is left to fill in' sh -c '! grep -r "@[A-Z]*@" "$1"' sh "$root/usr/share/man"
if command -v mandoc >/dev/null 2>&1; then
	ok 'mandoc finds no fault' manual mandoc -T lint -W warning
else
	skip 'mandoc finds no fault' 'no mandoc'
fi
if man --version >/dev/null 2>&1; then
	manual man --warnings -l >"$tmp/actual" 2>"$tmp/stderr"
	same 'man has no warning' '' "$(cat "$tmp/stderr")"
	expect_in 'and shows them' "$tmp/actual" 'ask an archive of news articles'
else
	skip 'man has no warning' 'no man'
	skip 'and shows them' 'no man'
fi

# Completions, where each shell looks for them: an archive, a plain folder, and a line to complete.
mkdir -p "$tmp/there/plain" && cp -r "$tmp/news.morgue" "$tmp/there/"
share=$root/usr/share
offers() { # NAME WORDS: what the shell offers ($tmp/actual, a word a line) is these
	same "$1" "$2" "$(sed 's/\t.*//' "$tmp/actual" | LC_ALL=C sort | xargs)"
}
if command -v bash >/dev/null 2>&1; then
	in_bash() { # WORD...: complete the last one
		(cd "$tmp/there" && bash --norc -c '
			. "$1/bash-completion/completions/${2}" && shift || exit
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			$(complete -p "$1" | sed "s/.*-F \([^ ]*\).*/\1/")
			printf "%s\n" "${COMPREPLY[@]}"' bash "$share" "$@") >"$tmp/actual" 2>&1
	}
	in_bash morgue-query ''
	offers 'bash: commands and archives' 'help news.morgue search show suggest'
	in_bash morgue-query pl
	offers 'bash: a folder that may lead to one' plain
	in_bash morgue-query --sort = ne
	offers 'bash: values of options' newest
	in_bash morgue-query -n 3 n
	offers 'bash: an archive after options' news.morgue
	in_bash morgue-query news.morgue -
	offers 'bash: no option in the question' ''
	in_bash morgue-indexer add -l ger
	offers 'bash: languages' german
	in_bash morgue-indexer add news.morgue ''
	offers 'bash: what to add' 'news.morgue plain'
else
	skip 'bash' 'no bash'
fi
if command -v zsh >/dev/null 2>&1; then
	zsh -f -c 'fpath=($1/zsh/site-functions $fpath); autoload -Uz compinit && compinit -D -u || exit
		print -l $_comps[morgue-query] $_comps[morgue-indexer]
		autoload +X _morgue' zsh "$share" >"$tmp/actual" 2>&1
	same 'zsh: both programs are known' '_morgue _morgue' "$(xargs <"$tmp/actual")"
else
	skip 'zsh: both programs are known' 'no zsh'
fi
if command -v fish >/dev/null 2>&1; then
	in_fish() { # LINE
		(cd "$tmp/there" && HOME=$tmp fish --no-config -c 'set -p fish_complete_path $argv[1]; complete -C $argv[2]' \
			"$share/fish/vendor_completions.d" "$1") >"$tmp/actual" 2>&1
	}
	in_fish 'morgue-query '
	offers 'fish: commands and archives' 'help news.morgue search show suggest'
	in_fish 'morgue-query -n 3 '
	offers 'fish: an archive after options' news.morgue
	in_fish 'morgue-query --sort=ne'
	offers 'fish: values of options' --sort=newest
	in_fish 'morgue-query show --f'
	offers 'fish: options' --furniture
	in_fish 'morgue-indexer add news.morgue '
	offers 'fish: what to add' 'news.morgue/ plain/'
else
	skip 'fish' 'no fish'
fi

# Other places; then all goes but what was there before.
ok 'make install BINDIR= MANDIR=' make -s install B="$BUILD" DESTDIR="$tmp/other" BINDIR=/opt/bin MANDIR=/opt/man
ok 'puts them there' test -x "$tmp/other/opt/bin/morgue-query" -a -f "$tmp/other/opt/man/man5/morgue-archive.5"
ok 'and the rest under /usr/local' test -f "$tmp/other/usr/local/share/doc/morgue/QUERY.md" -a ! -e "$tmp/other/usr/local/bin"
ok 'make uninstall' make -s uninstall B="$BUILD" DESTDIR="$root" PREFIX=/usr
expect 'takes away what install put there, and nothing else' 0 placed <<'END'
644 usr/share/fish/vendor_completions.d/other.fish
END
ok 'also the folder of the docs' test ! -e "$root/usr/share/doc/morgue"
ok 'make uninstall where nothing is' make -s uninstall B="$BUILD" DESTDIR="$root" PREFIX=/usr
finish
