#include "text/analyze.h"

#include "base/mem.h"
#include "text/marks.h"

#include <stdlib.h>

/* Distinct surface words are remembered up to this many bytes, then forgotten
 * between articles. Real vocabularies of a million articles need about this. */
#define CACHE_BYTES (64u << 20)

struct normal { /* a surface word's form and stem, as ids in `strings` */
	uint32_t form, stem;
};

struct part { /* a word of the compound being assembled */
	struct word word;
	struct normal normal;
};

struct analyzer {
	struct stemmer *stemmer;
	const char *language;
	bool elides;             /* l'homme: an apostrophe ends a word of its own */
	struct intern surfaces;  /* class byte + surface -> index in normals */
	struct intern strings;   /* forms and stems */
	struct normal *normals;
	size_t normals_cap;
	struct part *parts;
	size_t nparts, parts_cap;
	struct buf key, form, stem, joined;
};

void tokens_reset(struct tokens *t)
{
	t->n = 0;
	t->next = t->words = 0;
}

void tokens_release(struct tokens *t)
{
	free(t->v);
	*t = (struct tokens)TOKENS_INIT;
}

struct analyzer *analyzer_new(const char *language, struct err *err)
{
	struct stemmer *stemmer = stemmer_new(language, err);
	struct analyzer *a;

	if (!stemmer)
		return NULL;
	a = mem_zalloc(1, sizeof *a);
	a->stemmer = stemmer;
	a->language = stemmer_language(language);
	a->elides = !strcmp(a->language, "french") || !strcmp(a->language, "italian") ||
		    !strcmp(a->language, "catalan");
	intern_init(&a->surfaces);
	intern_init(&a->strings);
	return a;
}

void analyzer_free(struct analyzer *a)
{
	if (!a)
		return;
	stemmer_free(a->stemmer);
	intern_release(&a->surfaces);
	intern_release(&a->strings);
	free(a->normals);
	free(a->parts);
	buf_release(&a->key);
	buf_release(&a->form);
	buf_release(&a->stem);
	buf_release(&a->joined);
	free(a);
}

static void forget_if_full(struct analyzer *a)
{
	if (intern_memory(&a->surfaces) + intern_memory(&a->strings) < CACHE_BYTES)
		return;
	intern_reset(&a->surfaces);
	intern_reset(&a->strings);
}

/* Form and stem of a surface word, remembered. */
static struct normal normalize(struct analyzer *a, struct bytes surface, enum word_class class)
{
	uint32_t id, known = a->surfaces.n;

	buf_reset(&a->key);
	buf_add_byte(&a->key, (uint8_t)class);
	buf_add_bytes(&a->key, surface);
	id = intern_add(&a->surfaces, buf_bytes(&a->key));
	if (id < known)
		return a->normals[id];
	form_of(surface, &a->form);
	if (class == WORD_NUMBER) {
		size_t n = 0;

		for (size_t i = 0; i < a->form.n; i++)
			if (a->form.p[i] != ',')
				a->form.p[n++] = a->form.p[i];
		a->form.n = n;
	}
	form_stem(buf_bytes(&a->form), class, a->stemmer, a->language, &a->stem);
	MEM_GROW(a->normals, a->normals_cap, id + 1);
	a->normals[id].form = intern_add(&a->strings, buf_bytes(&a->form));
	a->normals[id].stem = intern_add(&a->strings, buf_bytes(&a->stem));
	return a->normals[id];
}

static void push(struct tokens *out, struct token token)
{
	MEM_GROW(out->v, out->cap, out->n + 1);
	out->v[out->n++] = token;
}

/* A colocated token, unless its stem stands at that position already. */
static void push_colocated(struct tokens *out, struct token token)
{
	for (size_t i = out->n; i-- > 0 && out->v[i].pos == token.pos;)
		if (bytes_equal(out->v[i].stem, token.stem))
			return;
	push(out, token);
}

static struct token make_token(const struct analyzer *a, enum token_kind kind, uint32_t pos, size_t start,
			       size_t end, struct normal normal)
{
	return (struct token){
		.pos = pos,
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.kind = kind,
		.stem = a->strings.strings[normal.stem],
		.form = a->strings.strings[normal.form],
	};
}

static void push_sign(struct analyzer *a, struct bytes text, size_t start, size_t size, uint32_t pos,
		      struct tokens *out)
{
	struct normal normal;

	if (!size)
		return;
	normal = normalize(a, bytes_of(text.p + start, size), WORD_CJK);
	push_colocated(out, make_token(a, TOKEN_SIGN, pos, start, start + size, normal));
}

/* Endings after an apostrophe that make a contraction, not a name (we're, not Shi'ite). */
static bool is_contraction(struct bytes ending)
{
	static const char *const endings[] = { "s", "t", "d", "m", "n", "re", "ve", "ll", "em", "all" };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (bytes_is_nocase(ending, endings[i]))
			return true;
	return false;
}

/* O'Brien is also OBrien: the form with its inner apostrophes left out, or false. */
static bool join_apostrophes(struct analyzer *a, struct bytes form)
{
	const uint8_t *mark;
	struct bytes rest = form;

	buf_reset(&a->joined);
	if (a->elides)
		return false;
	if (rest.n > 2 && rest.p[rest.n - 2] == '\'' && (rest.p[rest.n - 1] | 0x20) == 's')
		rest.n -= 2;
	if (!memchr(rest.p, '\'', rest.n))
		return false;
	while ((mark = memchr(rest.p, '\'', rest.n))) {
		struct bytes ending = bytes_of(mark + 1, (size_t)(rest.p + rest.n - mark) - 1);

		if (is_contraction(ending))
			return false;
		buf_add(&a->joined, rest.p, (size_t)(mark - rest.p));
		rest = ending;
	}
	buf_add_bytes(&a->joined, rest);
	return true;
}

/* The pieces of AT&T, each colocated. */
static void push_pieces(struct analyzer *a, struct bytes text, const struct word *w, uint32_t pos,
			struct tokens *out)
{
	size_t start = w->start, at = start, size;

	while (at <= w->end) {
		enum char_class c = at < w->end ? char_class_at(text, at, &size) : CHAR_AMPERSAND;

		if (at == w->end)
			size = 1;
		if (c == CHAR_AMPERSAND && at > start) {
			struct bytes piece = bytes_of(text.p + start, at - start);

			push_colocated(out, make_token(a, TOKEN_PART, pos, start, at,
						       normalize(a, piece, WORD_PLAIN)));
		}
		at += size;
		if (c == CHAR_AMPERSAND)
			start = at;
	}
}

/* A run of CJK characters: every two neighbours, then the last. */
static void push_cjk(struct analyzer *a, struct bytes text, const struct word *w, struct tokens *out)
{
	size_t first = w->start, second, end, size;

	for (;;) {
		enum token_kind kind = TOKEN_LAST;

		char_class_at(text, first, &size);
		second = first + size;
		while (second < w->end && char_class_at(text, second, &size) == CHAR_EXTEND)
			second += size;
		end = second;
		if (second < w->end) {
			kind = TOKEN_BIGRAM;
			char_class_at(text, second, &size);
			end += size;
			while (end < w->end && char_class_at(text, end, &size) == CHAR_EXTEND)
				end += size;
		}
		push(out, make_token(a, kind, out->next++, first, end,
				     normalize(a, bytes_of(text.p + first, end - first), WORD_CJK)));
		out->words++;
		if (second >= w->end)
			return;
		first = second;
	}
}

/* The parts of a compound written together (COVID-19: covid19), if one has a letter. */
static bool join_parts(struct analyzer *a)
{
	bool letters = false, hyphen = false;

	buf_reset(&a->joined);
	for (size_t i = 0; i < a->nparts && a->joined.n <= FORM_MAX; i++) {
		struct bytes form = a->strings.strings[a->parts[i].normal.form];

		letters |= a->parts[i].word.class != WORD_NUMBER;
		hyphen |= a->parts[i].word.after_hyphen;
		for (size_t j = 0; j < form.n; j++)
			if (a->parts[i].word.class != WORD_ACRONYM || form.p[j] != '.')
				buf_add_byte(&a->joined, form.p[j]);
	}
	return letters && hyphen;
}

static void push_part(struct analyzer *a, struct bytes text, const struct part *part, struct tokens *out)
{
	const struct word *w = &part->word;
	uint32_t pos = out->next++;

	out->words++;
	push(out, make_token(a, TOKEN_WORD, pos, w->start, w->end, part->normal));
	push_sign(a, text, w->start - w->sign_before, w->sign_before, pos, out);
	push_sign(a, text, w->end, w->sign_after, pos, out);
	if (w->class == WORD_AMPERSAND)
		push_pieces(a, text, w, pos, out);
	if (w->class == WORD_PLAIN && join_apostrophes(a, a->strings.strings[part->normal.form]))
		push_colocated(out, make_token(a, TOKEN_WHOLE, pos, w->start, w->end,
					       normalize(a, buf_bytes(&a->joined), WORD_PLAIN)));
}

/* Emit the compound in a->parts and empty it. */
static void push_compound(struct analyzer *a, struct bytes text, struct tokens *out)
{
	uint32_t pos = out->next;

	if (!a->nparts)
		return;
	push_part(a, text, &a->parts[0], out);
	if (a->nparts > 1 && join_parts(a))
		push_colocated(out, make_token(a, TOKEN_WHOLE, pos, a->parts[0].word.start,
					       a->parts[a->nparts - 1].word.end,
					       normalize(a, utf8_cut(buf_bytes(&a->joined), FORM_MAX), WORD_PLAIN)));
	for (size_t i = 1; i < a->nparts; i++)
		push_part(a, text, &a->parts[i], out);
	a->nparts = 0;
}

static void push_marks(unsigned marks, size_t at, struct tokens *out)
{
	static const struct {
		unsigned mark;
		const char *term;
	} terms[] = {
		{ MARK_CLOSE, MARK_CLOSE_TERM },
		{ MARK_PARAGRAPH, MARK_PARAGRAPH_TERM },
		{ MARK_SENTENCE, MARK_SENTENCE_TERM },
		{ MARK_OPEN, MARK_OPEN_TERM },
	};

	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (marks & terms[i].mark)
			push_colocated(out, (struct token){ .pos = out->next,
							    .start = (uint32_t)at,
							    .end = (uint32_t)at,
							    .kind = TOKEN_MARK,
							    .stem = bytes_str(terms[i].term) });
}

static void add_part(struct analyzer *a, struct bytes text, const struct word *w)
{
	MEM_GROW(a->parts, a->parts_cap, a->nparts + 1);
	a->parts[a->nparts].word = *w;
	a->parts[a->nparts].normal = normalize(a, bytes_of(text.p + w->start, w->end - w->start), w->class);
	a->nparts++;
}

void analyze_text(struct analyzer *a, struct bytes text, struct tokens *out)
{
	struct word_scanner scanner;
	struct marks marks;
	struct word w, before = { 0 };
	bool any = false;

	words_init(&scanner, text);
	marks_init(&marks, text);
	while (words_next(&scanner, &w)) {
		if (!w.joined) {
			push_compound(a, text, out);
			push_marks(marks_gap(&marks, any ? &before : NULL, w.start), w.start, out);
		}
		if (w.class == WORD_CJK)
			push_cjk(a, text, &w, out);
		else
			add_part(a, text, &w);
		before = w;
		any = true;
	}
	push_compound(a, text, out);
	if (any)
		push_marks(marks_gap(&marks, &before, text.n) & MARK_CLOSE, text.n, out);
}

/* Analyze body[start, end); offsets are then shifted into body. */
static void analyze_piece(struct analyzer *a, struct bytes body, size_t start, size_t end, struct tokens *out)
{
	size_t first = out->n;

	analyze_text(a, bytes_of(body.p + start, end - start), out);
	for (size_t i = first; i < out->n; i++) {
		out->v[i].start += (uint32_t)start;
		out->v[i].end += (uint32_t)start;
	}
}

uint32_t analyze_article(struct analyzer *a, struct bytes title, struct bytes body, const struct range *furniture,
			 size_t nfurniture, struct tokens *out)
{
	uint32_t headline;
	size_t at = 0;

	forget_if_full(a);
	tokens_reset(out);
	analyze_text(a, title, out);
	headline = out->words;
	out->next = headline + 1;
	for (size_t i = 0; i < nfurniture; i++) {
		analyze_piece(a, body, at, furniture[i].start, out);
		at = furniture[i].end;
	}
	analyze_piece(a, body, at, body.n, out);
	return headline;
}
