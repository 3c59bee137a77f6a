#include "segment/dictionary.h"

#include "segment/segment.h"

void dict_writer_init(struct dict_writer *w)
{
	*w = (struct dict_writer){ .n = 0 };
}

void dict_writer_release(struct dict_writer *w)
{
	buf_release(&w->dict);
	buf_release(&w->index);
	buf_release(&w->last);
}

static size_t shared_prefix(struct bytes a, struct bytes b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n;
}

void dict_writer_add(struct dict_writer *w, struct bytes term, const struct term_info *info)
{
	size_t shared = 0;

	if (w->n++ % DICT_BLOCK == 0) {
		buf_add_le32(&w->index, (uint32_t)w->dict.n);
		buf_add_varint(&w->dict, info->post);
		buf_add_varint(&w->dict, info->posn);
		buf_add_varint(&w->dict, info->form);
	} else {
		shared = shared_prefix(buf_bytes(&w->last), term);
	}
	buf_add_varint(&w->dict, shared);
	buf_add_varint(&w->dict, term.n - shared);
	buf_add(&w->dict, term.p + shared, term.n - shared);
	buf_add_varint(&w->dict, info->df);
	buf_add_varint(&w->dict, info->occurrences - info->df);
	buf_add_varint(&w->dict, info->post_size);
	buf_add_varint(&w->dict, info->posn_size);
	buf_add_varint(&w->dict, info->form_size);
	buf_set(&w->last, term);
}

static int corrupt(struct dict_cursor *c)
{
	c->left = 0;
	return c->rc = ERR_CORRUPT;
}

/* Start on a block; the cursor stands before its first term. */
static int enter_block(struct dict_cursor *c, uint32_t block)
{
	struct bytes bytes = segment_dict_block(c->seg, block);

	c->block = block;
	c->size = 0;
	c->read = 0;
	c->left = DICT_BLOCK;
	if (block == segment_dict_blocks(c->seg) - 1)
		c->left = (c->seg->nterms - 1) % DICT_BLOCK + 1;
	if (!bytes.n)
		return corrupt(c);
	c->end = bytes.p + bytes.n;
	c->p = varint_get(bytes.p, c->end, &c->post);
	c->p = varint_get(c->p, c->end, &c->posn);
	c->p = varint_get(c->p, c->end, &c->form);
	return c->p ? 0 : corrupt(c);
}

/* The term's pieces must lie in their sections; then the next term's begin after them. */
static bool place_pieces(struct dict_cursor *c)
{
	struct term_info *t = &c->info;
	const struct bytes *sections = c->seg->sections;

	t->post = c->post;
	t->posn = c->posn;
	t->form = c->form;
	if (t->post > sections[SEC_POST].n || t->post_size > sections[SEC_POST].n - t->post ||
	    t->posn > sections[SEC_POSN].n || t->posn_size > sections[SEC_POSN].n - t->posn ||
	    t->form > sections[SEC_FORM].n || t->form_size > sections[SEC_FORM].n - t->form)
		return false;
	c->post += t->post_size;
	c->posn += t->posn_size;
	c->form += t->form_size;
	return true;
}

/* Decode the next term of the block. */
static int read_term(struct dict_cursor *c)
{
	uint32_t shared, suffix;
	uint64_t extra;
	const uint8_t *p = varint_get32(c->p, c->end, &shared);

	p = varint_get32(p, c->end, &suffix);
	if (!p || shared > c->size || suffix > TERM_MAX - shared || suffix > (size_t)(c->end - p))
		return corrupt(c);
	memcpy(c->term + shared, p, suffix);
	c->size = shared + suffix;
	p = varint_get32(p + suffix, c->end, &c->info.df);
	p = varint_get(p, c->end, &extra);
	p = varint_get(p, c->end, &c->info.post_size);
	p = varint_get(p, c->end, &c->info.posn_size);
	p = varint_get(p, c->end, &c->info.form_size);
	if (!p || c->info.df == 0 || c->info.df > c->seg->ndocs || extra > UINT32_MAX - c->info.df ||
	    !place_pieces(c))
		return corrupt(c);
	c->info.occurrences = c->info.df + extra;
	c->p = p;
	c->left--;
	c->read++;
	return 1;
}

int dict_next(struct dict_cursor *c)
{
	if (c->rc < 0)
		return c->rc;
	if (!c->left) {
		if (c->block + 1 >= segment_dict_blocks(c->seg))
			return 0;
		if (enter_block(c, c->block + 1) < 0)
			return c->rc;
	}
	return read_term(c);
}

/* The last block whose first term is <= term, or 0. */
static uint32_t find_block(struct dict_cursor *c, struct bytes term)
{
	uint32_t low = 0, high = segment_dict_blocks(c->seg) - 1;

	while (low < high) {
		uint32_t middle = low + (high - low + 1) / 2;

		if (enter_block(c, middle) < 0 || read_term(c) < 0)
			return 0;
		if (bytes_compare(dict_term(c), term) <= 0)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

int dict_seek(struct dict_cursor *c, const struct segment *seg, struct bytes from)
{
	uint32_t block;
	int got;

	c->seg = seg;
	c->rc = 0;
	c->block = 0;
	c->left = 0;
	c->size = 0;
	if ((c->rc = segment_complete(seg)) < 0 || !seg->nterms)
		return c->rc;
	block = find_block(c, from);
	if (c->rc < 0 || enter_block(c, block) < 0)
		return c->rc;
	while ((got = dict_next(c)) > 0 && bytes_compare(dict_term(c), from) < 0)
		;
	return got;
}

int dict_find(const struct segment *seg, struct bytes term, struct term_info *info)
{
	struct dict_cursor c;
	int got;

	if (seg->maker)
		return seg->maker->find(seg->maker, seg, term, info);
	got = dict_seek(&c, seg, term);

	if (got <= 0)
		return got;
	*info = c.info;
	return bytes_equal(dict_term(&c), term);
}
