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
SHARED   = -lsqlite3 -lstemmer -lz -lutf8proc -lm

objs     = $(patsubst %.c,$B/%.o,$(sort $(wildcard $(addsuffix /*.c,$1))))
INDEXER  = $(call objs,indexer indexer/readers indexer/extract) $B/indexer/extract/furniture_rules.o \
           $B/indexer/help_topics.o
QUERY    = $(call objs,query) $B/query/help_topics.o
BENCH_PROGRAMS = $(addprefix $B/tests/bench/,bench one_shot generate)
BENCH_PARTS    = bench_index bench_query bench_process questions fts5_peer page_cache ask timing
TESTLIB  = $(call objs,tests/lib)
UNITS    = $(patsubst tests/%.c,$B/tests/%,$(sort $(wildcard tests/unit/*.c tests/property/*.c)))

all: build/indexer build/query    ## build both programs

build/indexer build/query build/bench-game: build/%: $B/bin/%
	@ln -sf $(<:build/%=%) $@

$B/bin/indexer: $(INDEXER) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) -ljansson $(SHARED)
$B/bin/query: $(QUERY) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) $(SHARED)
$B/bin/bench-game: $(addprefix $B/tests/bench/,game.o ask.o timing.o) $(filter-out %/main.o,$(QUERY)) $B/libshared.a
	@mkdir -p $(@D)
	$(LINK) $(SHARED)
$B/libshared.a: $(call objs,shared/base shared/text shared/segment shared/archive)
	$(AR) rcs $@ $^

# Quoted includes see the file's own folder, shared/ and the file's own program, so
# query/ including "invert.h" does not compile. `make lint` catches paths that climb out.
$B/indexer/%.o: OWN = -Iindexer
$B/query/%.o:   OWN = -Iquery
$B/tests/%.o:   OWN = -Iindexer -Iquery -Itests
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

deps:           ## install what is missing to build and test (apt, as root)
	@tests/deps

demo: deps      ## build, index the bundled articles, run five searches worth seeing
	@$(MAKE) --no-print-directory -s all
	@corpus/demo

tests: $(UNITS) $B/bin/bench-game ## build the tests

test: all tests         ## run the tests; the last line counts them
	@tests/run $B tests/unit tests/property tests/cli

test-long: all tests    ## more seeds, more damage
	@MORGUE_TEST_LONG=1 tests/run $B tests/unit tests/property tests/cli

$B/tests/%: $B/tests/%.o $(TESTLIB) $(filter-out %/main.o %/options.o %/help_topics.o,$(INDEXER) $(QUERY)) $B/libshared.a
	$(LINK) -lcmocka -ljansson $(SHARED)

$B/tests/bench/bench: $(patsubst %,$B/tests/bench/%.o,$(BENCH_PARTS))
$B/tests/bench/one_shot: $B/tests/bench/one_shot.o
	$(LINK) -lsqlite3

bench-game: build/bench-game ## the engine behind the protocol of the search-benchmark-game

bench: all bench-game $(BENCH_PROGRAMS) ## speed and size against FTS5; BENCH_INPUT=PATH... or BENCH_DOCS=N; BENCH=indexing,queries,process
	@tests/bench/run $B $(BENCH_INPUT)

lint:           ## layering, and static analysis where the tools are installed
	@tests/lint

format:         ## lay out the sources by .clang-format
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:          ## remove everything built
	rm -rf build demo.morgue

help:           ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
	@echo 'SAN=address,undefined builds and tests with sanitizers; CC=clang with clang; WERROR=1 stops at warnings'

-include $(shell find $B -name '*.d' 2>/dev/null)
.PHONY: all deps demo tests test test-long bench bench-game lint format clean help \
        build/indexer build/query build/bench-game
.SECONDARY:
