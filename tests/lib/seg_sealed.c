#include "lib/seg_sealed.h"

#include "base/civil.h"
#include "generate/rng.h"
#include "segment/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const char *const words[] = {
	"strike",   "miners", "the",     "and",     "vote",    "Strikes", "ballot",  "harbour",
	"COVID-19", "ferry",  "O'Brien", "U.S.",    "council", "river",   "Council", "said",
	"gate",     "Gates",  "café",    "AT&T",    "3.5%",    "floods",  "bridge",  "The",
	"union",    "STRIKE", "school",  "evening", "light",   "keeper",
};

#define NWORDS (sizeof words / sizeof *words)

/* Some word; the first ones more often. One in eight is rare. */
static void add_word(struct rng *r, struct buf *out)
{
	if (rng_one_in(r, 8))
		buf_addf(out, "rare%u", rng_below(r, 2000));
	else
		buf_add_str(out, words[rng_below(r, 1 + rng_below(r, NWORDS))]);
}

static void add_sentence(struct rng *r, struct buf *out)
{
	uint32_t n = 3 + rng_below(r, 12);
	bool quoted = rng_one_in(r, 4);

	buf_add_str(out, quoted ? "\"So" : "So");
	for (uint32_t i = 0; i < n; i++) {
		buf_add_byte(out, ' ');
		add_word(r, out);
	}
	buf_add_str(out, quoted ? ".\"" : ".");
}

void seg_article_text(uint64_t seed, uint32_t i, struct buf *title, struct buf *body)
{
	struct rng r;
	uint32_t sentences;

	rng_init(&r, seed * 1000003 + i);
	buf_reset(title);
	buf_reset(body);
	for (uint32_t n = rng_below(&r, 6); n; n--) {
		add_word(&r, title);
		buf_add_byte(title, ' ');
	}
	sentences = 1 + rng_below(&r, 8);
	for (uint32_t n = 0; n < sentences; n++) {
		add_sentence(&r, body);
		buf_add_str(body, rng_one_in(&r, 3) ? "\n\n" : " ");
	}
}

void seg_seal_articles(const char *path, uint32_t narticles, uint64_t seed)
{
	struct analyzer *analyzer = analyzer_new("english", NULL);
	struct tokens tokens = TOKENS_INIT;
	struct buf title = BUF_INIT, body = BUF_INIT;
	struct inverter inv;
	struct segment_parts parts;
	uint64_t size;

	assert_non_null(analyzer);
	inverter_init(&inv);
	for (uint32_t i = 0; i < narticles; i++) {
		struct inverted_doc doc = { .article = i + 1, .source = i % 3, .story = i % 11 ? 0 : i };

		doc.date = i % 7 == 6 ? CIVIL_NONE : (int64_t)(i * 7919 % 1000) * CIVIL_DAY;
		seg_article_text(seed, i, &title, &body);
		doc.headline =
			analyze_article(analyzer, buf_bytes(&title), buf_bytes(&body), NULL, 0, &tokens);
		doc.words = tokens.words;
		inverter_add(&inv, &doc, &tokens);
	}
	assert_true(seal(&inv, 2, NULL, &parts));
	assert_int_equal(segment_write(&parts, path, &size, NULL), 0);
	segment_parts_release(&parts);
	inverter_release(&inv);
	tokens_release(&tokens);
	buf_release(&title);
	buf_release(&body);
	analyzer_free(analyzer);
}
