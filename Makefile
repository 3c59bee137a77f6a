# Morgue: build, test and try. `make help` lists the targets.

CC      ?= cc
CFLAGS  ?= -O2 -g
WERROR  ?=
WARN     = -Wall -Wextra -Wshadow -Wvla -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
           -Wconversion -Wno-sign-conversion $(if $(WERROR),-Werror)
SAN     ?=
B        = build/$(or $(SAN),plain)
# Scores must not depend on the compiler: no fused multiply-add.
ALL      = -std=c11 -D_GNU_SOURCE -ffp-contract=off $(CFLAGS) $(WARN) -MMD -MP -Ishared \
           $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
LINK     = $(CC) $(CFLAGS) $(LDFLAGS) $(if $(SAN),-fsanitize=$(SAN)) -o $@ $^
SHARED   = -lsqlite3 -lstemmer -lzstd -lutf8proc -lm

objs     = $(patsubst %.c,$B/%.o,$(sort $(wildcard $(addsuffix /*.c,$1))))
INDEXER  = $(call objs,indexer indexer/readers indexer/extract indexer/upkeep) $B/indexer/extract/furniture_rules.o \
           $B/indexer/help_topics.o
QUERY    = $(call objs,query query/parse query/plan query/patterns query/places query/rank query/output) $B/query/help_topics.o
BENCH_PROGRAMS = $(addprefix $B/tests/bench/,bench one_shot statistics)
BENCH_PARTS    = bench_index bench_query bench_process questions fts5_peer page_cache ask timing
NEWS     = $(filter-out %/main.o,$(call objs,corpus/generate))
TESTLIB  = $(call objs,tests/lib) $(NEWS)
UNITS    = $(patsubst tests/%.c,$B/tests/%,$(sort $(wildcard tests/unit/*.c tests/property/*.c)))

all: build/indexer build/query build/generate    ## build both programs, and generate, which makes archives up

build/indexer build/query build/generate build/bench-game: build/%: $B/bin/%
	@ln -sf $(<:build/%=%) $@

$B/bin/indexer: $(INDEXER) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) -ljansson -lz $(SHARED)
$B/bin/query: $(QUERY) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) $(SHARED)
$B/bin/generate: $(call objs,corpus/generate) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) $(SHARED)
$B/bin/bench-game: $(addprefix $B/tests/bench/,game.o ask.o timing.o) $(filter-out %/main.o,$(QUERY)) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) $(SHARED)
$B/libshared.a: $(call objs,shared/base shared/text shared/segment shared/archive)
	$(AR) rcs $@ $^

# Quoted includes see the file's own folder, shared/ and the file's own program, so
# query/ including "ingest.h" does not compile. `make lint` catches paths that climb out.
$B/indexer/%.o: OWN = -Iindexer
$B/query/%.o:   OWN = -Iquery
$B/corpus/%.o:  OWN = -Icorpus
$B/tests/%.o:   OWN = -Iindexer -Iquery -Itests -Icorpus
$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL) $(OWN) -c -o $@ $<

# Texts as C strings.
QUOTE = sed 's/[\\"]/\\&/g; s/^/\t"/; s/$$/\\n"/'
$B/indexer/extract/furniture_rules.c: indexer/extract/furniture.rules
	@mkdir -p $(@D)
	{ printf '#include "extract/furniture.h"\n\nconst char furniture_rules_text[] =\n'; $(QUOTE) $<; \
	  printf ';\nconst size_t furniture_rules_size = sizeof furniture_rules_text - 1;\n'; } >$@
$B/indexer/extract/furniture_rules.o: $B/indexer/extract/furniture_rules.c
	$(CC) $(ALL) -Iindexer -c -o $@ $<

$B/indexer/help_topics.c: $(wildcard indexer/help/*.txt)
$B/query/help_topics.c: $(wildcard query/help/*.txt)
$B/%/help_topics.c:
	@mkdir -p $(@D)
	{ printf '#include "archive/help.h"\n\nconst struct help_topic help_topics[] = {\n'; \
	  for text in $(sort $^); do name=$${text##*/}; printf '{ "%s",\n' "$${name%.txt}"; $(QUOTE) "$$text"; echo '},'; done; \
	  echo '{ 0, 0 } };'; } >$@
$B/%/help_topics.o: $B/%/help_topics.c
	$(CC) $(ALL) -c -o $@ $<

deps:           ## install what is missing to build and test (by apt, dnf, pacman or brew)
	@tests/deps

demo: deps      ## build, index the bundled articles, run five searches worth seeing
	@$(MAKE) --no-print-directory -s all
	@corpus/demo

# Preloaded, they make calls fail, or write them down: tests/fault. Where they cannot be built their tests are skipped.
INTERPOSE = $B/tests/fault/interpose.so $B/tests/fault/record.so
$(INTERPOSE): $B/%.so: %.c tests/fault/same_calls.h
	@mkdir -p $(@D)
	-$(CC) -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -fPIC -shared -o $@ $<
$B/tests/fault/replay: tests/fault/replay.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(CFLAGS) $(WARN) -o $@ $<

tests: $(UNITS) $(INTERPOSE) $B/tests/fault/replay $B/bin/bench-game $(BENCH_PROGRAMS) ## build the tests and the benchmark

test: all tests         ## run the tests; the last line counts them
	@tests/run $B tests/unit tests/property tests/cli tests/fault

test-long: all tests    ## more seeds, more damage
	@MORGUE_TEST_LONG=1 tests/run $B tests/unit tests/property tests/cli tests/fault

$B/tests/%: $B/tests/%.o $(TESTLIB) $(filter-out %/main.o %/add.o %/remove_command.o %/options.o %/command_line.o %/help_topics.o,$(INDEXER) $(QUERY)) $B/libshared.a
	$(LINK) -lcmocka -ljansson -lz $(SHARED)

$B/tests/bench/bench: $(patsubst %,$B/tests/bench/%.o,$(BENCH_PARTS))
$B/tests/bench/one_shot: $B/tests/bench/one_shot.o
	$(LINK) -lsqlite3

bench-game: build/bench-game ## the engine behind the protocol of the search-benchmark-game

bench: all bench-game $(BENCH_PROGRAMS) ## speed and size against FTS5; BENCH_INPUT=PATH... or BENCH_DOCS=N; BENCH=indexing,queries,merging,removal,process
	@tests/bench/run $B $(BENCH_INPUT)

test-fresh:     ## follow the README, build and install the package on bare Debian systems (as root; minutes)
	@tests/fresh/debian

tour: all       ## run the README's five minutes and show what differs; UPDATE=1 rewrites them
	@tests/tour $B/bin $(if $(UPDATE),--update)

# The input's bytes draw segments and plans, or are a question: tests/fuzz. Such programs only build with a compiler that
# knows -fsanitize=fuzzer: clang, or AFL++'s afl-clang-fast.
FUZZ_CC ?= clang
fuzz:           ## build fuzz_engine and fuzz_questions in build/fuzz; run one on a copy of tests/fuzz/engine or questions
	@$(MAKE) --no-print-directory CC='$(FUZZ_CC)' CFLAGS='-O1 -g' SAN=fuzzer-no-link,address,undefined \
		B=build/fuzz build/fuzz/fuzz_engine build/fuzz/fuzz_questions

$B/fuzz_%: $B/tests/fuzz/fuzz_%.o $(TESTLIB) $(filter-out %/main.o %/add.o %/remove_command.o %/options.o %/command_line.o %/help_topics.o,$(INDEXER) $(QUERY)) $B/libshared.a
	$(LINK) -fsanitize=fuzzer -lcmocka -ljansson -lz $(SHARED)

lint:           ## layering, and static analysis where the tools are installed
	@tests/lint

format:         ## lay out the sources by .clang-format
	clang-format -i $$(git ls-files '*.c' '*.h')

# ---- installing: where things go, in GNU's way; each of these can be given ----
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR  ?= $(DATADIR)/man
DOCDIR  ?= $(DATADIR)/doc/morgue
BASHDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR  ?= $(DATADIR)/zsh/site-functions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d
INSTALL ?= install
VERSION := $(shell sed -n 's/.*define MORGUE_VERSION "\(.*\)".*/\1/p' shared/archive/args.h)

# Mode, file, place: `install` walks this list, and `uninstall` removes its places.
define INSTALLED
755 $B/bin/indexer $(BINDIR)/morgue-indexer
755 $B/bin/query $(BINDIR)/morgue-query
644 $B/man/morgue-indexer.1 $(MANDIR)/man1/morgue-indexer.1
644 $B/man/morgue-query.1 $(MANDIR)/man1/morgue-query.1
644 $B/man/morgue-archive.5 $(MANDIR)/man5/morgue-archive.5
644 docs/QUERY.md $(DOCDIR)/QUERY.md
644 docs/OUTPUT.md $(DOCDIR)/OUTPUT.md
644 docs/FORMAT.md $(DOCDIR)/FORMAT.md
644 docs/completions/morgue.bash $(BASHDIR)/morgue-indexer
644 docs/completions/morgue.bash $(BASHDIR)/morgue-query
644 docs/completions/morgue.zsh $(ZSHDIR)/_morgue
644 docs/completions/morgue.fish $(FISHDIR)/morgue-indexer.fish
644 docs/completions/morgue.fish $(FISHDIR)/morgue-query.fish
endef
install uninstall: export LIST = $(INSTALLED)

install: $B/bin/indexer $B/bin/query man        ## put programs, man pages, completions under PREFIX (/usr/local)
	@printf '%s\n' "$$LIST" | while read -r mode file place; do \
	  $(INSTALL) -d "$(DESTDIR)$${place%/*}" && \
	  $(INSTALL) -m $$mode $$file "$(DESTDIR)$$place" && echo "$(DESTDIR)$$place" || exit 1; done

uninstall:      ## remove what install put there (with the same PREFIX)
	@printf '%s\n' "$$LIST" | while read -r mode file place; do rm -f "$(DESTDIR)$$place" || exit 1; done
	@rmdir "$(DESTDIR)$(DOCDIR)" 2>/dev/null || true

man:            # the pages, with the version and the folder of the docs
	@mkdir -p $B/man
	@for page in docs/man/*; do \
	  sed 's|@VERSION@|$(VERSION)|; s|@DOCDIR@|$(DOCDIR)|' $$page >$B/man/$${page##*/} || exit 1; done

# ---- a Debian package, of what `install` puts in place; made in build/deb ----
DEB = build/deb
DEBFULLNAME ?= The Morgue authors
DEBEMAIL ?= $(shell id -un)@$(shell uname -n)
define DEB_CONTROL
Source: morgue
Section: text
Priority: optional
Maintainer: $(DEBFULLNAME) <$(DEBEMAIL)>
Standards-Version: 4.6.2

Package: morgue
Architecture: any
Depends: $${shlibs:Depends}
Description: local full-text search for news archives
 morgue-indexer puts piles of articles as they come (scraped pages, JSON
 exports, old wire collections) into a compressed, durable archive on disk.
 morgue-query asks it: all words in any form, exact phrases, headlines,
 dates; ranked, with snippets for people and JSON lines for scripts.
 .
 Nothing needs a network or a server.
endef
define DEB_CHANGELOG
morgue ($(VERSION)) unstable; urgency=medium

  * Version $(VERSION), built from its source.

 -- $(DEBFULLNAME) <$(DEBEMAIL)>  $(shell LC_ALL=C date -R)
endef
deb: export CONTROL = $(DEB_CONTROL)
deb: export CHANGELOG = $(DEB_CHANGELOG)
deb: export DEB_BUILD_MAINT_OPTIONS = hardening=+all

deb:            ## build a Debian package, build/morgue_VERSION_ARCHITECTURE.deb
	@tests/deps dpkg-dev
	@rm -rf $(DEB)/root $(DEB)/debian
	@mkdir -p $(DEB)/root/DEBIAN $(DEB)/root/usr/share/doc/morgue $(DEB)/debian
	@printf '%s\n' "$$CONTROL" >$(DEB)/debian/control
	@printf '%s\n' "$$CHANGELOG" >$(DEB)/debian/changelog
	@$(MAKE) -s install B=$(DEB)/plain PREFIX=/usr DESTDIR=$(DEB)/root ZSHDIR=/usr/share/zsh/vendor-completions \
	  CFLAGS="$$(dpkg-buildflags --get CFLAGS) $$(dpkg-buildflags --get CPPFLAGS)" \
	  LDFLAGS="$$(dpkg-buildflags --get LDFLAGS)" >/dev/null
	@strip --remove-section=.comment --remove-section=.note $(DEB)/root/usr/bin/*
	@cp LICENSE $(DEB)/root/usr/share/doc/morgue/copyright
	@cp $(DEB)/debian/changelog $(DEB)/root/usr/share/doc/morgue/changelog
	@cd $(DEB)/root/usr/share && gzip -9n man/man?/* doc/morgue/changelog $$(find doc/morgue -name '*.md' -size +4k)
	@cd $(DEB)/root && find usr -type f -exec md5sum {} + >DEBIAN/md5sums
	@find $(DEB)/root -type d -exec chmod 755 {} + && find $(DEB)/root/usr/share $(DEB)/root/DEBIAN -type f -exec chmod 644 {} +
	@cd $(DEB) && dpkg-shlibdeps -Tdebian/substvars root/usr/bin/* && dpkg-gencontrol -Tdebian/substvars -Proot -nmorgue.deb
	@dpkg-deb --root-owner-group --build $(DEB)/root build

clean:          ## remove everything built
	rm -rf build demo.morgue

help:           ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15
	@echo 'SAN=address,undefined builds and tests with sanitizers; CC=clang with clang; WERROR=1 stops at warnings'

-include $(shell find $B -name '*.d' 2>/dev/null)
.PHONY: all deps demo tests test test-long test-fresh tour bench bench-game fuzz lint format clean help \
        install uninstall man deb build/indexer build/query build/generate build/bench-game
.SECONDARY:
