#!/bin/sh
# What tests/deps would install, and how, on systems that this one is not: it runs with a
# PATH of stand-ins that note how they are called.
. tests/lib.sh

# system FILE...: a bin folder with the shell's tools, and stand-ins for those named.
system() {
	rm -rf "$tmp/bin" "$tmp/called"
	mkdir "$tmp/bin"
	for tool in sh cat awk mktemp rm; do
		ln -s "$(command -v "$tool")" "$tmp/bin/$tool"
	done
	for tool; do
		printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$tool" "$tmp/called" >"$tmp/bin/$tool"
	done
	printf '#!/bin/sh\necho "${USER_ID:-0}"\n' >"$tmp/bin/id"
	chmod +x "$tmp"/bin/*
}

deps() { # [NAME=VALUE...] [NEED...]
	env -i PATH="$tmp/bin" TMPDIR="$tmp" "$@"
}

# installs NAME MANAGER COMMANDS: where nothing is there, as root (or with $user), these commands are run.
installs() {
	system "$2"
	deps USER_ID="${user:-0}" sh tests/deps >"$tmp/actual" 2>"$tmp/stderr"
	same "$1: exit 0" 0 $?
	same "$1: what is run" "$3" "$(cat "$tmp/called")"
	expect_in "$1: and said" "$tmp/actual" 'installing: gcc make'
}

debian='gcc make pkg-config libc6-dev libsqlite3-dev libstemmer-dev zlib1g-dev libzstd-dev libutf8proc-dev libjansson-dev libcmocka-dev perl'
installs Debian apt-get "apt-get update
apt-get install -y --no-install-recommends $debian"
installs Fedora dnf 'dnf install -y gcc make pkgconf-pkg-config glibc-devel sqlite-devel libstemmer-devel zlib-devel libzstd-devel utf8proc-devel jansson-devel libcmocka-devel perl-Test-Harness'
installs Arch pacman 'pacman -S --needed --noconfirm gcc make pkgconf glibc sqlite libstemmer zlib zstd libutf8proc jansson cmocka perl'
user=1000 installs Homebrew brew 'brew install gcc make pkgconf sqlite snowball zlib zstd utf8proc jansson cmocka perl'

# refuses NAME TEXT: exit 1, the text on standard error, and nothing has been run.
refuses() {
	same "$1: exit 1" 1 "$status"
	expect_in "$1: told what to do" "$tmp/stderr" "$2"
	ok "$1: and nothing is run" test ! -e "$tmp/called"
}

system apt-get sudo
deps USER_ID=1000 sh tests/deps 2>"$tmp/stderr"
status=$?
refuses 'an ordinary user' "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends $debian'"
system dnf sudo
deps USER_ID=1000 sh tests/deps 2>"$tmp/stderr"
status=$?
refuses 'an ordinary user of Fedora' "  sudo sh -c 'dnf install -y gcc make"
system brew
deps sh tests/deps 2>"$tmp/stderr"
status=$?
refuses 'Homebrew as root' '  brew install gcc make'
system
deps sh tests/deps 2>"$tmp/stderr"
status=$?
refuses 'no package manager' "(the names are Debian's)"

# Everything is there but one library; then nothing is missing.
system apt-get cc make perl
printf '#!/bin/sh\n[ "$2" != "${LACKS:-}" ]\n' >"$tmp/bin/pkg-config"
chmod +x "$tmp/bin/pkg-config"
deps LACKS=jansson sh tests/deps >"$tmp/actual"
same 'only what is missing' 'apt-get install -y --no-install-recommends libjansson-dev' "$(grep apt-get.install "$tmp/called")"
rm "$tmp/called"
expect 'nothing missing, nothing said' 0 deps sh tests/deps </dev/null
same 'and nothing installed' '' "$(grep apt-get "$tmp/called")"
deps sh tests/deps dpkg-dev >"$tmp/actual"
same 'the tools for a package, where they are asked for' 'apt-get install -y --no-install-recommends dpkg-dev' "$(grep apt-get.install "$tmp/called")"

system apt-get
printf '#!/bin/sh\necho "no network"\nexit 100\n' >"$tmp/bin/apt-get"
deps sh tests/deps >"$tmp/actual" 2>"$tmp/stderr"
same 'an installation that fails: exit 1' 1 $?
expect_in 'and what it said' "$tmp/stderr" 'no network'
finish
