/* shared/segment/vocabulary.c - why it is fast (`make bench BENCH=queries`, fuzzy):
 * - Numbers below 128, which nearly all are, are read without a loop, five of them by one test.
 * - Short strings are copied by 16 bytes, whatever their size; a form that shares nothing
 *   with its stem, as capitals do not, is not copied at all.
 * - Pages are checked ahead, not term by term.
 */
#include "segment/vocabulary.h"

static bool corrupt(struct vocabulary *v)
{
	v->rc = ERR_CORRUPT;
	v->left = v->nforms = 0;
	return false;
}

/* Copy n bytes; `to` has room for 16 more, and as many can be read behind `from`. */
static inline void copy_short(uint8_t *to, const uint8_t *from, size_t n)
{
	memcpy(to, from, VOCABULARY_COPY);
	if (n > VOCABULARY_COPY)
		memcpy(to + VOCABULARY_COPY, from + VOCABULARY_COPY, n - VOCABULARY_COPY);
}

/* A varint of 32 bits; NULL if there is none before `end`. */
static inline const uint8_t *get_short(const uint8_t *p, const uint8_t *end, uint32_t *value)
{
	if (p && p < end && *p < 0x80) {
		*value = *p;
		return p + 1;
	}
	return varint_get32(p, end, value);
}

static bool enter_block(struct vocabulary *v, uint32_t block)
{
	struct bytes bytes;
	uint64_t passed;

	if (block >= segment_dict_blocks(v->seg))
		return false;
	bytes = segment_dict_block(v->seg, block);
	if (!bytes.n)
		return corrupt(v);
	v->block = block;
	v->size = 0;
	v->left = DICT_BLOCK;
	if (block == segment_dict_blocks(v->seg) - 1)
		v->left = (v->seg->nterms - 1) % DICT_BLOCK + 1;
	v->place = UINT32_MAX;
	v->end = bytes.p + bytes.n;
	v->p = varint_get(bytes.p, v->end, &passed);
	v->p = varint_get(v->p, v->end, &passed);
	v->p = varint_get(v->p, v->end, &v->form_at);
	return v->p || corrupt(v);
}

/* What the dictionary says of the term: df, and the size of its forms. */
static inline const uint8_t *read_info(struct vocabulary *v, const uint8_t *p, uint64_t *form_size)
{
	uint64_t passed;

	if (v->end - p >= 5 && !(load_le64(p) & UINT64_C(0x8080808080))) {
		v->df = p[0];
		*form_size = p[4];
		return p + 5;
	}
	p = varint_get32(p, v->end, &v->df);
	p = varint_get(p, v->end, &passed);
	p = varint_get(p, v->end, &passed);
	p = varint_get(p, v->end, &passed);
	return varint_get(p, v->end, form_size);
}

/* Check the pages of a form list, and some ahead. */
static bool touch_list(struct vocabulary *v, const uint8_t *list, uint64_t n)
{
	struct bytes section = v->seg->sections[SEC_FORM];
	size_t left = (size_t)(section.p + section.n - list);

	if (list + n <= v->checked)
		return true;
	n = n < SEG_PAGE && left > SEG_PAGE ? SEG_PAGE : n;
	n = n > left ? left : n;
	if (segment_touch(v->seg, list, n) < 0)
		return corrupt(v);
	v->checked = list + n;
	return true;
}

static bool open_list(struct vocabulary *v, uint64_t form_size)
{
	struct bytes section = v->seg->sections[SEC_FORM];

	v->nforms = 1;
	v->list = NULL;
	if (!form_size)
		return true;
	if (v->form_at > section.n || form_size > section.n - v->form_at)
		return corrupt(v);
	v->list = section.p + v->form_at;
	v->list_end = v->list + form_size;
	v->form_at += form_size;
	if (!touch_list(v, v->list, form_size))
		return false;
	v->list = get_short(v->list, v->list_end, &v->nforms);
	return (v->list && v->nforms) || corrupt(v);
}

bool vocabulary_next(struct vocabulary *v)
{
	uint32_t shared, rest;
	uint64_t form_size;
	const uint8_t *p;

	if (v->rc < 0 || (!v->left && !enter_block(v, v->block + 1)))
		return false;
	p = get_short(v->p, v->end, &shared);
	p = get_short(p, v->end, &rest);
	if (!p || shared > v->size || rest > TERM_MAX - shared || rest > (size_t)(v->end - p))
		return corrupt(v);
	copy_short(v->term + shared, p, rest);
	v->size = shared + rest;
	v->p = read_info(v, p + rest, &form_size);
	if (!v->p || !v->df || v->df > v->seg->ndocs)
		return corrupt(v);
	v->left--;
	v->place++;
	return open_list(v, form_size);
}

bool vocabulary_form(struct vocabulary *v, struct bytes *form)
{
	uint32_t shared, rest;
	uint64_t count;
	const uint8_t *p = v->list;

	if (!v->nforms)
		return p && p != v->list_end ? corrupt(v) : false;
	v->nforms--;
	if (!p) {
		*form = vocabulary_term(v);
		return true;
	}
	p = p < v->list_end && *p < 0x80 ? p + 1 : varint_get(p, v->list_end, &count);
	p = get_short(p, v->list_end, &shared);
	p = get_short(p, v->list_end, &rest);
	if (!p || shared > v->size || rest > TERM_MAX - shared || rest > (size_t)(v->list_end - p))
		return corrupt(v);
	v->list = p + rest;
	if (!shared) {
		*form = bytes_of(p, rest);
		return true;
	}
	copy_short(v->form, v->term, shared);
	copy_short(v->form + shared, p, rest);
	*form = bytes_of(v->form, shared + rest);
	return true;
}

void vocabulary_seek(struct vocabulary *v, const struct segment *seg, struct bytes from)
{
	struct dict_cursor c;
	int got = dict_seek(&c, seg, from);

	v->seg = seg;
	v->rc = got < 0 ? got : 0;
	v->left = v->nforms = 0;
	v->checked = NULL;
	v->block = got > 0 ? c.block : segment_dict_blocks(seg);
	if (got <= 0 || !enter_block(v, c.block))
		return;
	for (uint32_t place = dict_place(&c); place > 0 && vocabulary_next(v); place--)
		;
}
