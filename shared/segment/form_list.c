#include "segment/form_list.h"

void form_list_put(struct buf *out, struct bytes stem, const struct form_count *forms, uint32_t n)
{
	buf_add_varint(out, n);
	for (uint32_t i = 0; i < n; i++) {
		struct bytes form = forms[i].form;
		size_t shared = 0;

		while (shared < form.n && shared < stem.n && form.p[shared] == stem.p[shared])
			shared++;
		buf_add_varint(out, forms[i].count);
		buf_add_varint(out, shared);
		buf_add_varint(out, form.n - shared);
		buf_add(out, form.p + shared, form.n - shared);
	}
}

int form_list_open(struct form_list *l, struct bytes bytes, struct bytes stem)
{
	*l = (struct form_list){ .stem = stem, .n = 1 };
	if (!bytes.n)
		return 0;
	l->end = bytes.p + bytes.n;
	l->p = varint_get32(bytes.p, l->end, &l->n);
	return l->p && l->n && l->n <= bytes.n ? 0 : ERR_CORRUPT;
}

int form_list_next(struct form_list *l)
{
	uint32_t shared, suffix;
	const uint8_t *p;

	if (l->read == l->n)
		return !l->p || l->p == l->end ? 0 : ERR_CORRUPT;
	l->read++;
	if (!l->p) {
		memcpy(l->form, l->stem.p, l->stem.n);
		l->size = l->stem.n;
		return 1;
	}
	p = varint_get(l->p, l->end, &l->count);
	p = varint_get32(p, l->end, &shared);
	p = varint_get32(p, l->end, &suffix);
	if (!p || shared > l->stem.n || suffix > TERM_MAX - shared || suffix > (size_t)(l->end - p))
		return ERR_CORRUPT;
	memcpy(l->form, l->stem.p, shared);
	memcpy(l->form + shared, p, suffix);
	l->size = shared + suffix;
	l->p = p + suffix;
	return 1;
}
