#include "patterns/pattern.h"

#include "base/mem.h"
#include "text/forms.h"

#include <stdlib.h>

size_t pattern_character(struct bytes text, size_t at, struct buf *out)
{
	struct buf form = BUF_INIT;
	size_t size, n;

	char_class_at(text, at, &n);
	while (at + n < text.n && text.p[at + n] >= 0x80 && char_class_at(text, at + n, &size) == CHAR_EXTEND)
		n += size;
	form_of(bytes_of(text.p + at, n), &form);
	form_fold(buf_bytes(&form), FOLD_BOTH, out);
	buf_release(&form);
	return n;
}

uint32_t pattern_literal(struct automaton *a, uint32_t from, struct bytes folded)
{
	for (size_t at = 0; at < folded.n;) {
		uint32_t c, node = automaton_node(a);

		at += utf8_decode(folded.p + at, folded.p + folded.n, &c);
		automaton_read(a, from, node, c, c);
		from = node;
	}
	return from;
}

void pattern_run_add(struct pattern *p, struct pattern_run *run, struct bytes folded)
{
	for (size_t i = 0; i < folded.n && run->n < PATTERN_MUST; i++) {
		if (folded.p[i] >= 0x80) {
			run->n = 0; /* accents may be left out: é is e */
			return;
		}
		run->bytes[run->n++] = folded.p[i] | 0x20;
	}
	if (run->n <= p->nmust)
		return;
	p->nmust = run->n;
	memcpy(p->must, run->bytes, run->n);
}

int pattern_finish(struct pattern *p, struct bytes text, size_t *at, struct err *err)
{
	if (!p->automaton.full) {
		automaton_ready(&p->automaton);
		return 0;
	}
	*at = 0;
	err_set(err, ERR_USAGE, "the pattern '%.*s...' is too big", (int)utf8_cut(text, 30).n,
		(const char *)text.p);
	pattern_release(p);
	return ERR_USAGE;
}

#define FOLDED_BLOCKS 256u /* of characters that are kept folded; of others there are few */
#define FOLDED_BLOCK  256u /* characters of one */

void pattern_release(struct pattern *p)
{
	automaton_release(&p->automaton);
	for (uint32_t i = 0; p->folded && i < FOLDED_BLOCKS; i++)
		free(p->folded[i]);
	free(p->folded);
	p->folded = NULL;
	buf_release(&p->scratch);
}

int pattern_wildcard(struct pattern *p, struct bytes text, size_t *at, struct err *err)
{
	struct automaton *a = &p->automaton;
	struct pattern_run run = { .n = 0 };
	uint32_t node = 0;
	size_t i = 0;

	*p = (struct pattern){ .scratch = BUF_INIT };
	automaton_init(a);
	while (i < text.n && !a->full) {
		uint32_t next;

		if (text.p[i] != '*' && text.p[i] != '?') {
			i += pattern_character(text, i, &p->scratch);
			node = pattern_literal(a, node, buf_bytes(&p->scratch));
			pattern_run_add(p, &run, buf_bytes(&p->scratch));
			continue;
		}
		run.n = 0;
		next = automaton_node(a);
		if (text.p[i++] == '?') {
			automaton_read_any(a, node, next);
		} else {
			automaton_jump(a, node, next);
			automaton_read_any(a, next, next);
		}
		node = next;
	}
	automaton_accept(a, node, 0);
	return pattern_finish(p, text, at, err);
}

/* ---- misspellings ---- */

/* The nodes of a fuzzy pattern stand in rows: n + 1 with no edit, as many with one, and so on.
 * In column i of row e, i characters of the word have been read with e edits. */
struct fuzzy {
	struct automaton *a;
	const uint32_t *c; /* the word's characters */
	uint32_t n, first; /* first: the node of column 0, row 0 */
	unsigned edits;
};

static uint32_t place(const struct fuzzy *f, uint32_t i, unsigned e)
{
	return f->first + e * (f->n + 1) + i;
}

/* What leads from column i of row e to the next row. */
static void edit(const struct fuzzy *f, uint32_t i, unsigned e)
{
	uint32_t from = place(f, i, e), middle;

	automaton_read_any(f->a, from, place(f, i, e + 1));
	if (i == f->n)
		return;
	automaton_read_any(f->a, from, place(f, i + 1, e + 1));
	automaton_jump(f->a, from, place(f, i + 1, e + 1));
	if (i + 2 > f->n)
		return;
	middle = automaton_node(f->a);
	automaton_read(f->a, from, middle, f->c[i + 1], f->c[i + 1]);
	automaton_read(f->a, middle, place(f, i + 2, e + 1), f->c[i], f->c[i]);
}

static void build_fuzzy(const struct fuzzy *f)
{
	for (unsigned e = 0; e <= f->edits; e++) {
		for (uint32_t i = 0; i <= f->n && !f->a->full; i++) {
			if (i < f->n)
				automaton_read(f->a, place(f, i, e), place(f, i + 1, e), f->c[i], f->c[i]);
			if (e < f->edits)
				edit(f, i, e);
		}
		automaton_accept(f->a, place(f, f->n, e), (int8_t)e);
	}
}

int pattern_fuzzy(struct pattern *p, struct bytes word, unsigned edits, size_t *at, struct err *err)
{
	uint32_t c[FORM_MAX];
	struct fuzzy f = { .a = &p->automaton, .c = c, .edits = edits };
	size_t i = 0;

	*p = (struct pattern){ .scratch = BUF_INIT };
	form_of(word, &p->scratch);
	word = buf_bytes(&p->scratch);
	form_fold(word, FOLD_BOTH, &p->scratch);
	while (i < p->scratch.n)
		i += utf8_decode(p->scratch.p + i, p->scratch.p + p->scratch.n, &c[f.n++]);
	automaton_init(f.a);
	f.first = f.a->n;
	for (uint32_t node = 0; node < (edits + 1) * (f.n + 1); node++)
		automaton_node(f.a);
	automaton_jump(f.a, 0, f.first);
	build_fuzzy(&f);
	return pattern_finish(p, word, at, err);
}

/* ---- matching ---- */

#define NOT_ALONE UINT8_MAX /* what it is folded to depends on its neighbours */

/* Hangul that may be composed with what follows, as combining marks are with what precedes. */
static bool is_jamo(uint32_t c)
{
	return (c >= 0x1100 && c < 0x1200) || (c >= 0xA960 && c < 0xA980) || (c >= 0xD7B0 && c < 0xD800);
}

static void fold_character(struct pattern *p, uint32_t c, struct bytes bytes, struct folded *f)
{
	size_t size;

	form_fold(bytes, FOLD_BOTH, &p->scratch);
	f->n = NOT_ALONE;
	if (char_class_at(bytes, 0, &size) == CHAR_EXTEND || is_jamo(c) || size != bytes.n || !p->scratch.n ||
	    p->scratch.n > sizeof f->bytes)
		return;
	f->n = (uint8_t)p->scratch.n;
	memcpy(f->bytes, p->scratch.p, f->n);
}

/* The character at text[at], folded; NULL if it cannot be folded alone. */
static const struct folded *folded_at(struct pattern *p, struct bytes text, size_t at, size_t *size)
{
	struct folded **block, *f;
	uint32_t c;

	*size = utf8_decode(text.p + at, text.p + text.n, &c);
	if (c >= FOLDED_BLOCKS * FOLDED_BLOCK)
		return NULL;
	if (!p->folded)
		p->folded = mem_zalloc(FOLDED_BLOCKS, sizeof(struct folded *));
	block = &p->folded[c / FOLDED_BLOCK];
	if (!*block)
		*block = mem_zalloc(FOLDED_BLOCK, sizeof **block);
	f = &(*block)[c % FOLDED_BLOCK];
	if (!f->n)
		fold_character(p, c, bytes_of(text.p + at, *size), f);
	return f->n == NOT_ALONE ? NULL : f;
}

static int match_whole(struct pattern *p, struct bytes text)
{
	form_fold(text, FOLD_BOTH, &p->scratch);
	return automaton_match(&p->automaton, buf_bytes(&p->scratch));
}

/* As much as is not ASCII of a text, in `state` before text[at]. */
static int match_wide(struct pattern *p, struct bytes text, size_t at, uint32_t state)
{
	while (at < text.n) {
		const struct folded *f = NULL;
		size_t size;

		/* a mark may still change the character that no string goes on with */
		if (text.p[at] >= 0x80 && !(f = folded_at(p, text, at, &size)))
			return match_whole(p, text);
		if (state == AUTOMATON_DEAD)
			return AUTOMATON_NO;
		if (!f) {
			state = automaton_step(&p->automaton, state, text.p[at++]);
			continue;
		}
		for (size_t i = 0; i < f->n && state != AUTOMATON_DEAD; i++)
			state = automaton_step(&p->automaton, state, f->bytes[i]);
		at += size;
	}
	return automaton_value(&p->automaton, state);
}

int pattern_match(struct pattern *p, struct bytes text)
{
	uint32_t state = AUTOMATON_START;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= 0x80)
			return match_wide(p, text, i, state);
		state = automaton_step(&p->automaton, state, text.p[i]);
		if (state == AUTOMATON_DEAD)
			return AUTOMATON_NO;
	}
	return automaton_value(&p->automaton, state);
}

/* The byte behind the last that was read is looked at too: a mark may change what it stands on. */
size_t pattern_dies(struct pattern *p, struct bytes text)
{
	uint32_t state = AUTOMATON_START;

	for (size_t i = 0; i < text.n && text.p[i] < 0x80; i++) {
		bool more = i + 1 < text.n;

		state = automaton_step(&p->automaton, state, text.p[i]);
		if (state != AUTOMATON_DEAD)
			continue;
		if ((more && text.p[i + 1] >= 0x80) || text.p[i] == '\'' || (i > 0 && text.p[i - 1] == '\''))
			return 0;
		return i + 2;
	}
	return 0;
}
