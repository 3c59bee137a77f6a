#include "expand.h"

#include "base/intern.h"
#include "segment/form_list.h"

struct expander {
	struct intern found;
	struct buf scratch;
	bool any_start; /* a form's stem can begin otherwise than the form */
	struct err *err;
};

int dictionary_corrupt(const struct segment *seg, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "%s: damaged: its dictionary does not match its checksums",
		       seg->path);
}

/* Does any written form of the cursor's term begin with the prefix? Negative if corrupt. */
static int any_form(struct expander *x, const struct dict_cursor *c, const struct plan_element *e)
{
	struct form_list forms;
	int rc = 0, got;

	rc = form_list_open(&forms, segment_forms(c->seg, &c->info, &rc), dict_term(c)) < 0 ? ERR_CORRUPT
											    : rc;
	while (rc == 0 && (got = form_list_next(&forms)) != 0) {
		if (got < 0)
			return got;
		if (plan_element_form(e, bytes_of(forms.form, forms.size), &x->scratch))
			return 1;
	}
	return rc;
}

/* Stemmers that take off the beginning of a word: a form's stem can be anywhere. */
static bool stems_keep_their_start(struct bytes language)
{
	return !bytes_is(language, "arabic") && !bytes_is(language, "indonesian") &&
	       !bytes_is(language, "irish") && !bytes_is(language, "nepali") && !bytes_is(language, "tamil");
}

/* Gather the terms of one segment that have a form with the element's prefix. A
 * stemmer may change all but a word's first letter (dying: die), so all terms that
 * begin with the prefix's first character are looked at. */
static int expand_in_segment(struct expander *x, const struct segment *seg, const struct plan_element *e)
{
	uint32_t c;
	struct bytes first = bytes_of(e->prefix.p, utf8_decode(e->prefix.p, e->prefix.p + e->prefix.n, &c));
	struct dict_cursor cursor;
	int got, any;

	if (x->any_start)
		first = bytes_str(" ");
	got = dict_seek(&cursor, seg, first);
	while (got > 0 && (bytes_start(dict_term(&cursor), first) || *first.p == ' ')) {
		if ((any = any_form(x, &cursor, e)) > 0)
			intern_add(&x->found, dict_term(&cursor));
		got = any < 0 ? any : dict_next(&cursor);
	}
	return got < 0 ? dictionary_corrupt(seg, x->err) : 0;
}

int expand_prefix(struct plan_element *e, const struct archive *archive, struct arena *arena, struct err *err)
{
	struct expander x = { .err = err };
	int rc = 0;

	intern_init(&x.found);
	x.any_start = !stems_keep_their_start(buf_bytes(&archive->language));
	for (size_t i = 0; i < archive->nsegments && rc == 0; i++)
		rc = expand_in_segment(&x, &archive->segments[i], e);
	e->nterms = x.found.n;
	e->terms = arena_alloc(arena, x.found.n * sizeof *e->terms);
	for (uint32_t i = 0; i < x.found.n; i++)
		e->terms[i] = arena_bytes(arena, x.found.strings[i]);
	intern_release(&x.found);
	buf_release(&x.scratch);
	return rc;
}
