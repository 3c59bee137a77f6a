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
	struct term_info *info = &v->info;
	struct bytes bytes;

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
	v->end = bytes.p + bytes.n;
	v->p = varint_get(bytes.p, v->end, &info->post);
	v->p = varint_get(v->p, v->end, &info->posn);
	v->p = varint_get(v->p, v->end, &info->form);
	info->post_size = info->posn_size = info->form_size = 0;
	return v->p || corrupt(v);
}

/* What the dictionary says of the term. Its pieces begin where those of the term before end. */
static inline const uint8_t *read_info(struct vocabulary *v, const uint8_t *p)
{
	struct term_info *info = &v->info;

	info->post += info->post_size;
	info->posn += info->posn_size;
	info->form += info->form_size;
	if (v->end - p >= 5 && !(load_le64(p) & UINT64_C(0x8080808080))) {
		info->df = p[0];
		info->occurrences = p[1];
		info->post_size = p[2];
		info->posn_size = p[3];
		info->form_size = p[4];
		return p + 5;
	}
	p = varint_get32(p, v->end, &info->df);
	p = varint_get(p, v->end, &info->occurrences);
	p = varint_get(p, v->end, &info->post_size);
	p = varint_get(p, v->end, &info->posn_size);
	return varint_get(p, v->end, &info->form_size);
}

static bool fits(uint64_t at, uint64_t n, struct bytes section)
{
	return at <= section.n && n <= section.n - at;
}

bool vocabulary_info(struct vocabulary *v, struct term_info *info)
{
	const struct bytes *sections = v->seg->sections;

	*info = v->info;
	if (!fits(info->post, info->post_size, sections[SEC_POST]) ||
	    !fits(info->posn, info->posn_size, sections[SEC_POSN]) ||
	    !fits(info->form, info->form_size, sections[SEC_FORM]) ||
	    info->occurrences > UINT32_MAX - info->df)
		return corrupt(v);
	info->occurrences += info->df;
	return true;
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

static bool open_list(struct vocabulary *v)
{
	uint64_t at = v->info.form, form_size = v->info.form_size;
	struct bytes section = v->seg->sections[SEC_FORM];

	v->nforms = 1;
	v->list = NULL;
	if (!form_size)
		return true;
	if (!fits(at, form_size, section))
		return corrupt(v);
	v->list = section.p + at;
	v->list_end = v->list + form_size;
	if (!touch_list(v, v->list, form_size))
		return false;
	v->list = get_short(v->list, v->list_end, &v->nforms);
	return (v->list && v->nforms) || corrupt(v);
}

bool vocabulary_next(struct vocabulary *v)
{
	uint32_t shared, rest;
	const uint8_t *p;

	if (v->rc < 0 || (!v->left && !enter_block(v, v->block + 1)))
		return false;
	p = get_short(v->p, v->end, &shared);
	p = get_short(p, v->end, &rest);
	if (!p || shared > v->size || rest > TERM_MAX - shared || rest > (size_t)(v->end - p))
		return corrupt(v);
	copy_short(v->term + shared, p, rest);
	v->kept = shared;
	v->size = shared + rest;
	v->p = read_info(v, p + rest);
	if (!v->p || !v->info.df || v->info.df > v->seg->ndocs)
		return corrupt(v);
	v->left--;
	return open_list(v);
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
