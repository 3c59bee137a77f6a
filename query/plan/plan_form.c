/* query/plan/plan_form.c - does a written form do for a place of a plan? */
#include "plan/plan.h"

static bool begins(struct bytes form, struct bytes prefix, struct buf *scratch)
{
	for (size_t i = 0; i < prefix.n; i++) {
		if (i == form.n)
			return false;
		if (form.p[i] >= 0x80 || prefix.p[i] >= 0x80) {
			form_fold(form, FOLD_BOTH, scratch);
			return bytes_start(buf_bytes(scratch), prefix);
		}
		if (ascii_lower((char)form.p[i]) != (char)prefix.p[i])
			return false;
	}
	return true;
}

/* Watergate's is Watergate: the form without the possessive. */
static struct bytes without_possessive(struct bytes form)
{
	bool has = form.n >= 3 && form.p[form.n - 2] == '\'' && (form.p[form.n - 1] | 0x20) == 's';

	return bytes_of(form.p, has ? form.n - 2 : form.n);
}

/* Whose it is matters to no pattern. */
static int match_pattern(struct pattern *pattern, struct bytes form)
{
	int edits = pattern_match(pattern, form), shorter;
	struct bytes plain = without_possessive(form);

	if (edits == 0 || plain.n == form.n)
		return edits;
	shorter = pattern_match(pattern, plain);
	return edits < 0 || (shorter >= 0 && shorter < edits) ? shorter : edits;
}

/* Nor to capitals: IBM's has none but capitals. */
static bool fits_capitals(enum query_form wanted, struct bytes form)
{
	bool upper = false, lower = false;

	form = without_possessive(form);
	for (size_t i = 0; i < form.n;) {
		uint32_t c;

		i += utf8_decode(form.p + i, form.p + form.n, &c);
		upper |= char_is_upper(c);
		lower |= char_is_lower(c);
	}
	return wanted == CASE_NOCAPS ? !upper : upper && (wanted == CASE_CAPS || !lower);
}

int plan_element_edits(const struct plan_element *e, struct bytes form, struct buf *scratch)
{
	if (e->test && !form_test_match(e->test, form))
		return -1;
	if (e->prefix.n && !begins(form, e->prefix, scratch))
		return -1;
	if (e->capitals && !fits_capitals(e->capitals, form))
		return -1;
	return e->pattern ? match_pattern(e->pattern, form) : 0;
}

bool plan_element_form(const struct plan_element *e, struct bytes form, struct buf *scratch)
{
	return plan_element_edits(e, form, scratch) >= 0;
}
