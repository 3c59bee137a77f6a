#include "text/analyze.h"

#include "base/mem.h"
#include "text/marks.h"

#include <stdatomic.h>
#include <stdlib.h>

struct normal { /* a surface word's stem and form, kept in .strings */
	struct token_word word;
	uint32_t whole; /* the word without its apostrophes, as index in normals; or INTERN_NONE */
};

/* Set in an index of normals that has a .whole, so that nearly always nobody looks there. */
#define HAS_WHOLE (UINT32_C(1) << 31)

/* Normals stay put, in chunks of so many, twice as many, and so on. */
#define NORMALS_FIRST  UINT32_C(256)
#define NORMALS_CHUNKS 21

/* Nearly every word is short. Such a one is looked up without a string: its bytes, zeros after them and
 * its class as the last byte, are the key. That of plain words is 0. */
#define SHORT_MAX 15

/* Words are cut so many at a time, and their places in the table fetched, before the first is looked up. */
#define CUTS 32u

#define NUMBER_BITS ((1u << 28) - 1) /* of token.number; so many different words no memory holds */

struct short_word {
	uint64_t low, high; /* the bytes as little-endian numbers */
	uint32_t normal1;   /* index in normals plus 1, perhaps HAS_WHOLE; 0 is an empty slot */
};

struct cut { /* a word of the text, cut and not looked up yet */
	struct word word;
	uint64_t low, high; /* its key, if it is short */
};

struct part { /* a word of the compound being assembled */
	struct word word;
	uint32_t normal; /* index in normals, perhaps HAS_WHOLE */
};

struct analyzer {
	struct stemmer *stemmer;
	const char *language;
	struct short_word *shorts;  /* open addressing, at most three quarters full */
	size_t nshorts, shorts_cap; /* a power of two */
	struct intern surfaces;     /* the others, see surface_key -> index in .surface_normals */
	uint32_t *surface_normals;  /* -> index in normals */
	size_t surface_normals_cap;
	struct arena strings;                   /* forms and stems */
	struct normal *normals[NORMALS_CHUNKS]; /* by number: token.number; marks come first */
	uint32_t nnormals;
	uint64_t vocabulary;
	size_t limit; /* bytes remembered */
	struct cut cuts[CUTS];
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

/* ---- what is remembered ---- */

static const char *const mark_terms[] = { MARK_CLOSE_TERM, MARK_PARAGRAPH_TERM, MARK_SENTENCE_TERM,
					  MARK_OPEN_TERM };

#define MARKS (sizeof mark_terms / sizeof *mark_terms)

/* The chunk that a place is in: the first has NORMALS_FIRST, each further one twice as many. */
static inline unsigned chunk_of(uint32_t place)
{
	return (unsigned)__builtin_clz(NORMALS_FIRST) - (unsigned)__builtin_clz(place);
}

static inline struct normal *normal_of(const struct analyzer *a, uint32_t id)
{
	uint32_t place = (id & NUMBER_BITS) + NORMALS_FIRST;
	unsigned chunk = chunk_of(place);

	return &a->normals[chunk][place - (NORMALS_FIRST << chunk)];
}

static uint32_t new_normal(struct analyzer *a, struct bytes form, struct bytes stem)
{
	uint32_t id = a->nnormals++;
	unsigned chunk = chunk_of(id + NORMALS_FIRST);

	if (!a->normals[chunk])
		a->normals[chunk] = mem_realloc_array(NULL, NORMALS_FIRST << chunk, sizeof **a->normals);
	*normal_of(a, id) = (struct normal){ .word = { .stem = stem, .form = form }, .whole = INTERN_NONE };
	return id;
}

static void start_vocabulary(struct analyzer *a)
{
	a->nnormals = 0;
	for (size_t i = 0; i < MARKS; i++)
		new_normal(a, BYTES_NONE, bytes_str(mark_terms[i]));
	a->vocabulary++;
}

static void forget(struct analyzer *a)
{
	intern_release(&a->surfaces);
	arena_release(&a->strings);
	free(a->shorts);
	a->shorts = NULL;
	a->nshorts = a->shorts_cap = 0;
}

/* All of these have one owner, which no analyzer is ever made enough times to be. */
uint64_t vocabulary_new(void)
{
	static atomic_uint_least32_t vocabularies;

	return (uint64_t)UINT32_MAX << 32 | atomic_fetch_add(&vocabularies, 1);
}

struct analyzer *analyzer_new(const char *language, struct err *err)
{
	static atomic_uint_least32_t analyzers;
	struct stemmer *stemmer = stemmer_new(language, err);
	struct analyzer *a;

	if (!stemmer)
		return NULL;
	a = mem_zalloc(1, sizeof *a);
	a->stemmer = stemmer;
	a->limit = ANALYZER_MEMORY;
	a->language = stemmer_language(language);
	intern_init(&a->surfaces);
	arena_init(&a->strings);
	a->vocabulary = (uint64_t)atomic_fetch_add(&analyzers, 1) << 32;
	start_vocabulary(a);
	return a;
}

void analyzer_free(struct analyzer *a)
{
	if (!a)
		return;
	stemmer_free(a->stemmer);
	forget(a);
	free(a->surface_normals);
	for (size_t i = 0; i < NORMALS_CHUNKS; i++)
		free(a->normals[i]);
	free(a->parts);
	buf_release(&a->key);
	buf_release(&a->form);
	buf_release(&a->stem);
	buf_release(&a->joined);
	free(a);
}

void analyzer_limit(struct analyzer *a, size_t bytes)
{
	a->limit = bytes;
}

bool analyzer_is_full(const struct analyzer *a)
{
	return intern_memory(&a->surfaces) + a->strings.total + a->shorts_cap * sizeof *a->shorts +
		       a->nnormals * sizeof **a->normals >=
	       a->limit;
}

static inline bool is_short(const struct word *w)
{
	return w->end - w->start <= SHORT_MAX;
}

/* The lowest n bytes, up to all. */
static inline uint64_t low_bytes(uint64_t v, size_t n)
{
	return n >= 8 ? v : v & ~(~UINT64_C(0) << 8 * n);
}

static inline uint64_t key_hash(uint64_t low, uint64_t high)
{
	uint64_t hash = (low ^ high * UINT64_C(0xC2B2AE3D27D4EB4F)) * UINT64_C(0x9E3779B97F4A7C15);

	return (hash ^ hash >> 29) >> 16;
}

/* Set the key of a short word in a text. */
static inline void set_key(struct cut *c, struct bytes text)
{
	const uint8_t *p = text.p + c->word.start;
	size_t n = c->word.end - c->word.start;
	uint8_t copy[16] = { 0 };

	if (text.n - c->word.start < sizeof copy)
		p = memcpy(copy, p, n);
	c->low = low_bytes(load_le64(p), n);
	c->high = n > 8 ? low_bytes(load_le64(p + 8), n - 8) : 0;
	if (c->word.class != WORD_PLAIN)
		c->high |= (uint64_t)c->word.class << 56;
}

/* The slot of the key, or the empty one where it belongs. */
static inline struct short_word *short_slot(const struct analyzer *a, uint64_t low, uint64_t high)
{
	size_t mask = a->shorts_cap - 1;

	for (size_t i = key_hash(low, high) & mask;; i = (i + 1) & mask) {
		struct short_word *w = &a->shorts[i];

		if (!w->normal1 || (w->low == low && w->high == high))
			return w;
	}
}

static void grow_shorts(struct analyzer *a)
{
	struct short_word *old = a->shorts;
	size_t n = a->shorts_cap;

	a->shorts_cap = n ? n * 2 : 256;
	a->shorts = mem_zalloc(a->shorts_cap, sizeof *a->shorts);
	for (size_t i = 0; i < n; i++)
		if (old[i].normal1)
			*short_slot(a, old[i].low, old[i].high) = old[i];
	free(old);
}

/* 1,000 is 1000, and so is 1.000.000 without its stops; one stop is a decimal point. */
static void drop_separators(struct buf *number)
{
	size_t stops = 0, n = 0;

	for (size_t i = 0; i < number->n; i++)
		stops += number->p[i] == '.';
	for (size_t i = 0; i < number->n; i++)
		if (number->p[i] != ',' && (number->p[i] != '.' || stops == 1))
			number->p[n++] = number->p[i];
	number->n = n;
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

/* O'Brien is also OBrien: the form with its inner apostrophes left out into
 * a->joined, or false. */
static bool join_apostrophes(struct analyzer *a, struct bytes form)
{
	const uint8_t *mark;
	struct bytes rest = form;

	if (rest.n > 2 && rest.p[rest.n - 2] == '\'' && (rest.p[rest.n - 1] | 0x20) == 's')
		rest.n -= 2;
	if (!rest.n || !memchr(rest.p, '\'', rest.n))
		return false;
	buf_reset(&a->joined);
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

/* Make a->form and a->stem of a surface word. */
static void make_forms(struct analyzer *a, struct bytes surface, enum word_class class)
{
	form_of(surface, &a->form);
	if (class == WORD_NUMBER)
		drop_separators(&a->form);
	if (class == WORD_PLAIN)
		form_drop_elision(&a->form, a->language);
	form_stem(buf_bytes(&a->form), class, a->stemmer, a->language, &a->stem);
}

/* A surface word may be normalized as one class or another: 0x1F and the class stand
 * before those that are not plain. Words never begin with that byte. */
static struct bytes surface_key(struct analyzer *a, struct bytes surface, enum word_class class)
{
	uint8_t *key;

	if (class == WORD_PLAIN)
		return surface;
	buf_reset(&a->key);
	key = buf_reserve(&a->key, surface.n + 2);
	key[0] = 0x1F;
	key[1] = (uint8_t) class;
	memcpy(key + 2, surface.p, surface.n);
	return bytes_of(key, surface.n + 2);
}

static uint32_t normalize(struct analyzer *a, struct bytes surface, enum word_class class);

/* Normalize a word that has not been seen. Its index in normals, perhaps HAS_WHOLE. */
static uint32_t add_normal(struct analyzer *a, struct bytes surface, enum word_class class)
{
	struct bytes form, stem;
	uint32_t id;

	make_forms(a, surface, class);
	form = stem = arena_bytes(&a->strings, buf_bytes(&a->form));
	if (!bytes_equal(form, buf_bytes(&a->stem)))
		stem = arena_bytes(&a->strings, buf_bytes(&a->stem));
	id = new_normal(a, form, stem);
	if (class == WORD_PLAIN && join_apostrophes(a, form)) {
		normal_of(a, id)->whole = normalize(a, buf_bytes(&a->joined), WORD_PLAIN) & NUMBER_BITS;
		id |= HAS_WHOLE;
	}
	return id;
}

/* What add_normal answers for the surface word, remembered. */
static uint32_t normalize(struct analyzer *a, struct bytes surface, enum word_class class)
{
	uint32_t id, known = a->surfaces.n, normal;

	if (surface.n > SURFACE_MAX)
		surface = utf8_cut(surface, SURFACE_MAX);
	id = intern_add(&a->surfaces, surface_key(a, surface, class));
	if (id < known)
		return a->surface_normals[id];
	normal = add_normal(a, surface, class);
	MEM_GROW(a->surface_normals, a->surface_normals_cap, id + 1);
	a->surface_normals[id] = normal;
	return normal;
}

/* The same of a word of the text, the short way if it can be. */
static inline uint32_t normalize_cut(struct analyzer *a, struct bytes text, const struct cut *c)
{
	struct bytes surface = bytes_of(text.p + c->word.start, c->word.end - c->word.start);
	struct short_word *slot;
	uint32_t normal;

	if (!is_short(&c->word))
		return normalize(a, surface, c->word.class);
	slot = short_slot(a, c->low, c->high);
	if (slot->normal1)
		return slot->normal1 - 1;
	normal = add_normal(a, surface, c->word.class);
	*slot = (struct short_word){ c->low, c->high, normal + 1 };
	if (4 * ++a->nshorts >= 3 * a->shorts_cap)
		grow_shorts(a);
	return normal;
}

/* The same of any bytes. */
static uint32_t normalize_bytes(struct analyzer *a, struct bytes surface, enum word_class class)
{
	struct cut c = { .word = { .end = (uint32_t)surface.n, .class = class } };

	if (is_short(&c.word))
		set_key(&c, surface);
	return normalize_cut(a, surface, &c);
}

static inline void push(struct tokens *out, struct token token)
{
	MEM_GROW(out->v, out->cap, out->n + 1);
	out->v[out->n++] = token;
}

/* A colocated token, unless its stem stands at that position already. */
static void push_colocated(struct tokens *out, struct token token)
{
	for (size_t i = out->n; i-- > 0 && out->v[i].pos == token.pos;)
		if (bytes_equal(out->v[i].word->stem, token.word->stem))
			return;
	push(out, token);
}

static inline struct token make_token(const struct analyzer *a, enum token_kind kind, uint32_t pos,
				      size_t start, size_t end, uint32_t normal)
{
	return (struct token){
		.pos = pos,
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.kind = kind,
		.number = normal & NUMBER_BITS,
		.word = &normal_of(a, normal)->word,
	};
}

/* A sign of `size` bytes that stands before or after a number. */
static void push_sign(struct analyzer *a, struct bytes text, size_t start, size_t size, uint32_t pos,
		      struct tokens *out)
{
	uint32_t normal = normalize_bytes(a, bytes_of(text.p + start, size), WORD_CJK);

	push_colocated(out, make_token(a, TOKEN_SIGN, pos, start, start + size, normal));
}

/* The pieces of AT&T, each colocated; of a long word those of its cut form. */
static void push_pieces(struct analyzer *a, struct bytes text, const struct word *w, uint32_t pos,
			struct tokens *out)
{
	size_t end = w->start + utf8_cut(bytes_of(text.p + w->start, w->end - w->start), FORM_MAX).n;
	size_t at, size;

	for (size_t start = w->start; start < end; start = at + size) {
		for (at = start; at < end && char_class_at(text, at, &size) != CHAR_AMPERSAND; at += size)
			;
		if (at > start)
			push_colocated(out,
				       make_token(a, TOKEN_PART, pos, start, at,
						  normalize_bytes(a, bytes_of(text.p + start, at - start),
								  WORD_PLAIN)));
	}
}

/* The end of one character and its extensions at `at`, within `end`. */
static size_t character_end(struct bytes text, size_t at, size_t end)
{
	size_t size;

	char_class_at(text, at, &size);
	for (at += size; at < end && char_class_at(text, at, &size) == CHAR_EXTEND; at += size)
		;
	return at;
}

/* A run of CJK characters: every two neighbours, then the last. */
static void push_cjk(struct analyzer *a, struct bytes text, const struct word *w, struct tokens *out)
{
	size_t first = w->start, second = character_end(text, first, w->end);

	while (first < w->end) {
		enum token_kind kind = second < w->end ? TOKEN_BIGRAM : TOKEN_LAST;
		size_t end = second < w->end ? character_end(text, second, w->end) : second;
		uint32_t normal = normalize_bytes(a, bytes_of(text.p + first, end - first), WORD_CJK);

		push(out, make_token(a, kind, out->next++, first, end, normal));
		out->words++;
		first = second;
		second = end;
	}
}

/* Is part i the other end of a range of numbers: 5-10m, 1990-91? */
static bool ends_range(const struct part *parts, size_t i)
{
	const struct word *before = &parts[i - 1].word;

	return parts[i].word.class == WORD_NUMBER && parts[i].word.after_hyphen &&
	       (before->class == WORD_NUMBER || (before->joined && !before->after_hyphen));
}

/* The letters of an acronym, without its full stops. */
static void add_letters(struct buf *out, struct bytes acronym)
{
	for (size_t i = 0; i < acronym.n; i++)
		if (acronym.p[i] != '.')
			buf_add_byte(out, acronym.p[i]);
}

/* The parts of a compound written together (COVID-19: covid19), if one has a letter. */
static bool join_parts(struct analyzer *a)
{
	bool letters = false, hyphen = false;

	buf_reset(&a->joined);
	for (size_t i = 0; i < a->nparts && a->joined.n <= FORM_MAX; i++) {
		const struct normal *normal = normal_of(a, a->parts[i].normal);
		struct bytes form;

		if (i && ends_range(a->parts, i))
			return false;
		if (normal->whole != INTERN_NONE)
			normal = normal_of(a, normal->whole);
		form = normal->word.form;
		letters |= a->parts[i].word.class != WORD_NUMBER;
		hyphen |= a->parts[i].word.after_hyphen;
		if (a->parts[i].word.class != WORD_ACRONYM)
			buf_add_bytes(&a->joined, form);
		else
			add_letters(&a->joined, form);
	}
	return letters && hyphen;
}

/* What stands beside a part that is not a plain word, or has an apostrophe. */
static void push_beside(struct analyzer *a, struct bytes text, const struct word *w, uint32_t normal,
			uint32_t pos, struct tokens *out)
{
	if (w->sign_before)
		push_sign(a, text, w->start - w->sign_before, w->sign_before, pos, out);
	if (w->sign_after)
		push_sign(a, text, w->end, w->sign_after, pos, out);
	if (w->class == WORD_AMPERSAND)
		push_pieces(a, text, w, pos, out);
	if (normal & HAS_WHOLE)
		push_colocated(
			out, make_token(a, TOKEN_WHOLE, pos, w->start, w->end, normal_of(a, normal)->whole));
}

static inline void push_part(struct analyzer *a, struct bytes text, const struct word *w, uint32_t normal,
			     struct tokens *out)
{
	uint32_t pos = out->next++;

	out->words++;
	push(out, make_token(a, TOKEN_WORD, pos, w->start, w->end, normal));
	if (w->class != WORD_PLAIN || normal & HAS_WHOLE)
		push_beside(a, text, w, normal, pos, out);
}

/* The whole of the compound in a->parts, at its first part. */
static void push_whole(struct analyzer *a, uint32_t pos, struct tokens *out)
{
	uint32_t normal;

	if (a->nparts < 2 || !join_parts(a))
		return;
	normal = normalize_bytes(a, utf8_cut(buf_bytes(&a->joined), FORM_MAX), WORD_PLAIN);
	push_colocated(out, make_token(a, TOKEN_WHOLE, pos, a->parts[0].word.start,
				       a->parts[a->nparts - 1].word.end, normal));
}

/* Emit the compound in a->parts, which holds something, and empty it. */
static void push_compound(struct analyzer *a, struct bytes text, struct tokens *out)
{
	uint32_t pos = out->next;

	push_part(a, text, &a->parts[0].word, a->parts[0].normal, out);
	push_whole(a, pos, out);
	for (size_t i = 1; i < a->nparts; i++)
		push_part(a, text, &a->parts[i].word, a->parts[i].normal, out);
	a->nparts = 0;
}

static void push_marks(const struct analyzer *a, unsigned marks, size_t at, struct tokens *out)
{
	static const unsigned order[MARKS] = { MARK_CLOSE, MARK_PARAGRAPH, MARK_SENTENCE, MARK_OPEN };

	for (uint32_t i = 0; marks && i < MARKS; i++)
		if (marks & order[i])
			push_colocated(out, make_token(a, TOKEN_MARK, out->next, at, at, i));
}

/* ---- words of a text ---- */

/* A text that is analyzed. Words are cut some at a time, for two reasons: by the time one is looked up
 * its place in the table has come from memory; and whether the next is joined to it is known. */
struct analysis {
	struct analyzer *analyzer;
	struct bytes text;
	struct word_scanner scanner;
	struct marks marks;
	struct word before; /* the last one that was pushed, if .any was */
	bool any, ended;    /* no word follows those that are cut */
	size_t ncuts;       /* in analyzer->cuts */
	struct tokens *out;
};

static void cut_words(struct analysis *x)
{
	struct analyzer *a = x->analyzer;

	while (x->ncuts < CUTS && !x->ended) {
		struct cut *c = &a->cuts[x->ncuts];

		if (!words_next(&x->scanner, &c->word)) {
			x->ended = true;
			break;
		}
		x->ncuts++;
		if (!is_short(&c->word))
			continue;
		set_key(c, x->text);
		__builtin_prefetch(&a->shorts[key_hash(c->low, c->high) & (a->shorts_cap - 1)]);
	}
}

static void add_part(struct analysis *x, const struct cut *c)
{
	struct analyzer *a = x->analyzer;

	MEM_GROW(a->parts, a->parts_cap, a->nparts + 1);
	a->parts[a->nparts].word = c->word;
	a->parts[a->nparts].normal = normalize_cut(a, x->text, c);
	a->nparts++;
}

static inline void push_cut(struct analysis *x, const struct cut *c, bool goes_on)
{
	struct analyzer *a = x->analyzer;
	const struct word *w = &c->word;

	if (!w->joined) {
		unsigned marks;

		if (a->nparts)
			push_compound(a, x->text, x->out);
		marks = marks_gap(&x->marks, x->any ? &x->before : NULL, w->start);
		if (marks)
			push_marks(a, marks, w->start, x->out);
	}
	if (w->class == WORD_CJK)
		push_cjk(a, x->text, w, x->out);
	else if (a->nparts || goes_on)
		add_part(x, c);
	else /* nearly always: no compound */
		push_part(a, x->text, w, normalize_cut(a, x->text, c), x->out);
	x->before = *w;
	x->any = true;
}

static void analyze_words(struct analyzer *a, struct bytes text, bool blank_lines, struct tokens *out)
{
	struct analysis x = { .analyzer = a, .text = text, .out = out };

	words_init(&x.scanner, text);
	marks_init(&x.marks, text, blank_lines);
	if (!a->shorts)
		grow_shorts(a);
	for (cut_words(&x); x.ncuts; cut_words(&x)) {
		size_t n = x.ended ? x.ncuts : x.ncuts - 1;

		for (size_t i = 0; i < n; i++)
			push_cut(&x, &a->cuts[i], i + 1 < x.ncuts && a->cuts[i + 1].word.joined);
		x.ncuts -= n;
		if (x.ncuts)
			a->cuts[0] = a->cuts[n];
	}
	if (a->nparts)
		push_compound(a, text, out);
	if (x.any)
		push_marks(a, marks_gap(&x.marks, &x.before, text.n) & MARK_CLOSE, text.n, out);
}

void analyze_text(struct analyzer *a, struct bytes text, struct tokens *out)
{
	out->vocabulary = a->vocabulary;
	analyze_words(a, text, marks_blank_lines(text), out);
}

/* Analyze body[start, end); offsets are then shifted into body. */
static void analyze_piece(struct analyzer *a, struct bytes body, size_t start, size_t end, bool blank_lines,
			  struct tokens *out)
{
	size_t first = out->n;

	if (start >= end)
		return;
	analyze_words(a, bytes_of(body.p + start, end - start), blank_lines, out);
	for (size_t i = first; start && i < out->n; i++) {
		out->v[i].start += (uint32_t)start;
		out->v[i].end += (uint32_t)start;
	}
}

uint32_t analyze_article(struct analyzer *a, struct bytes title, struct bytes body,
			 const struct range *furniture, size_t nfurniture, struct tokens *out)
{
	bool blank_lines = marks_blank_lines(body);
	uint32_t headline;
	size_t at = 0;

	if (analyzer_is_full(a)) {
		forget(a);
		start_vocabulary(a);
	}
	tokens_reset(out);
	analyze_text(a, title, out);
	headline = out->words;
	out->next = headline + 1;
	for (size_t i = 0; i < nfurniture; i++) {
		analyze_piece(a, body, at, furniture[i].start, blank_lines, out);
		at = furniture[i].end;
	}
	analyze_piece(a, body, at, body.n, blank_lines, out);
	return headline;
}
