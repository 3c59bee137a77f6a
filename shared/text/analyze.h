/* shared/text/analyze.h - text in, tokens out: the one entry that indexer, query,
 * oracle and benchmark use.
 *
 * Shape   tokens in order of position. Words take positions; every other kind is
 *         colocated with the word it follows. Headline words stand at positions
 *         0..T-1, body words from T+1 on, T being the number of headline words,
 *         so that nothing adjacent crosses from one to the other. A mark stands
 *         at the position of the word after it. At one position no stem stands
 *         twice.
 * Owner   words, stems and forms live in the analyzer: until an analyze_article finds it
 *         full and so forgets what it has seen; analyze_text never does. Until then they
 *         may be read by another thread while the analyzer goes on.
 * Cost    linear in the text, whatever it holds; a form is folded and stemmed once
 *         per distinct surface word.
 * Rules   docs/QUERY.md, "What is a word"; golden: tests/golden/tokens.tsv.
 */
#ifndef MORGUE_ANALYZE_H
#define MORGUE_ANALYZE_H

#include "base/intern.h"
#include "text/forms.h"

#define ANALYZER_VERSION 2 /* recorded in an archive; a change of any token or field term raises it */

/* First bytes of terms that are not stems. Stems never begin with a byte below 0x20. */
#define TERM_HEADLINE       0x01 /* + stem: the articles with it in their headline */
#define TERM_MARK           0x02 /* + one of the letters below */
#define MARK_SENTENCE_TERM  "\x02s"
#define MARK_PARAGRAPH_TERM "\x02p"
#define MARK_OPEN_TERM      "\x02("
#define MARK_CLOSE_TERM     "\x02)"
#define TERM_FIELD          0x03 /* + letter and value: fields.h */

/* Is a term's list about articles alone, without places in them? */
static inline bool term_has_no_places(struct bytes term)
{
	return term.p[0] == TERM_HEADLINE || term.p[0] == TERM_FIELD;
}

enum token_kind {
	TOKEN_WORD,   /* takes a position, counts in the length */
	TOKEN_BIGRAM, /* so do two CJK characters, at the first one's position */
	TOKEN_LAST,   /* and the last character of a CJK run */
	TOKEN_WHOLE,  /* parts written together: covid19 for COVID-19, obrien for O'Brien */
	TOKEN_PART,   /* pieces of AT&T */
	TOKEN_SIGN,   /* $ or % of a number */
	TOKEN_MARK,   /* a sentence, paragraph or quotation begins or ends */
};

struct token_word {
	struct bytes stem, form; /* form is empty for marks */
};

struct token {
	uint32_t pos;
	uint32_t start, end;  /* bytes in the text it was cut from: body or headline */
	uint32_t number : 28; /* of its word, see struct tokens */
	uint32_t kind : 4;    /* an enum token_kind */
	const struct token_word *word;
};

static inline bool token_takes_position(const struct token *t)
{
	return t->kind <= TOKEN_LAST;
}

struct tokens {
	struct token *v;
	size_t n, cap;
	uint32_t next;       /* position of the next word */
	uint32_t words;      /* tokens that take a position */
	uint64_t vocabulary; /* that of the tokens' numbers: in one vocabulary equal numbers are equal
				stems and forms, though one of these may have several numbers */
};

#define TOKENS_INIT                                                                                          \
	{                                                                                                    \
		NULL, 0, 0, 0, 0, 0                                                                          \
	}

/* A vocabulary is an analyzer's, in the upper half, until it forgets: counted in the lower. */
static inline uint32_t vocabulary_owner(uint64_t vocabulary)
{
	return (uint32_t)(vocabulary >> 32);
}

/* A new vocabulary, for tokens that no analyzer cut. */
uint64_t vocabulary_new(void);

void tokens_reset(struct tokens *t);
void tokens_release(struct tokens *t);

/* Bytes of different words that an analyzer remembers before it forgets them. Real
 * vocabularies of a million articles need about this. */
#define ANALYZER_MEMORY ((size_t)64 << 20)

struct analyzer; /* one a thread; no two have the same vocabulary */

/* `language` by libstemmer's name, ISO code, or "none". NULL and ERR_USAGE if unknown. */
struct analyzer *analyzer_new(const char *language, struct err *err);
void analyzer_free(struct analyzer *a); /* NULL is fine */

/* How much it may remember, in bytes; ANALYZER_MEMORY at first. */
void analyzer_limit(struct analyzer *a, size_t bytes);

/* Will the next analyze_article forget what was seen, stems and forms of all tokens with it? */
bool analyzer_is_full(const struct analyzer *a);

/* Append the tokens of one text (a query's words, say), from position out->next on. */
void analyze_text(struct analyzer *a, struct bytes text, struct tokens *out);

/* Replace `out` by the tokens of an article: headline, then body without its
 * furniture. Returns T, the number of headline words. Offsets of tokens before
 * the first one at a position above T are in `title`, the others in `body`. */
uint32_t analyze_article(struct analyzer *a, struct bytes title, struct bytes body,
			 const struct range *furniture, size_t nfurniture, struct tokens *out);

#endif
