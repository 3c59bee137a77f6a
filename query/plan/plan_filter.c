#include "archive/catalog_care.h"
#include "base/mem.h"
#include "patterns/candidates.h"
#include "plan/filter.h"
#include "text/fields.h"
#include "text/url.h"

struct filter_planner {
	struct plan *plan;
	struct filter *filter;
	const struct query_node *asked;
	struct buf scratch;
	struct err *err;
	int rc;
};

static struct plan_node *new_node(struct filter_planner *p, enum plan_kind kind)
{
	struct plan_node *n = arena_zalloc(&p->plan->arena, sizeof *n);

	n->kind = kind;
	n->asked = p->asked;
	n->filter = p->filter;
	return n;
}

static struct plan_node *test_of(struct filter_planner *p, struct plan_node *candidates)
{
	struct plan_node *n = new_node(p, PLAN_TEST);

	n->children = arena_alloc(&p->plan->arena, sizeof *n->children);
	n->children[0] = candidates;
	n->nchildren = candidates != NULL;
	return n;
}

static bool has_wildcard(struct bytes text)
{
	return text.n && memchr(text.p, '*', text.n);
}

/* The value that is asked for, folded; a pattern if it has a wildcard. */
static void set_value(struct filter_planner *p, struct bytes text)
{
	struct filter *f = p->filter;

	if (!has_wildcard(text)) {
		field_fold(text, &p->scratch);
		f->value = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
		return;
	}
	p->rc = plan_pattern(p->plan, p->asked, text, &f->pattern, &p->plan->fault, p->err);
}

/* ---- lists ---- */

typedef bool accept_value(const struct filter *f, struct bytes value);

static bool any_value(const struct filter *f, struct bytes value)
{
	(void)f;
	(void)value;
	return true;
}

/* The host itself, or one under it. */
static bool accept_host(const struct filter *f, struct bytes host)
{
	struct bytes wanted = f->value;

	if (host.n < wanted.n || memcmp(host.p + host.n - wanted.n, wanted.p, wanted.n) != 0)
		return false;
	return host.n == wanted.n || host.p[host.n - wanted.n - 1] == '.';
}

static bool accept_site(const struct filter *f, struct bytes host)
{
	return bytes_equal(url_host(f->value), host);
}

static int gather(struct filter_planner *p, const struct segment *seg, enum field_letter letter,
		  accept_value *accept, struct intern *found)
{
	const uint8_t prefix[2] = { TERM_FIELD, (uint8_t)letter };
	struct dict_cursor c;
	int got = segment_complete(seg);

	if (got == 0)
		got = dict_seek(&c, seg, bytes_of(prefix, sizeof prefix));
	while (got > 0 && bytes_start(dict_term(&c), bytes_of(prefix, sizeof prefix))) {
		struct bytes term = dict_term(&c);

		if (accept(p->filter, bytes_of(term.p + sizeof prefix, term.n - sizeof prefix)))
			intern_add(found, term);
		got = dict_next(&c);
	}
	return got < 0 ? dictionary_corrupt(seg, p->err) : 0;
}

static struct plan_node *list_of(struct filter_planner *p, const struct bytes *terms, size_t n)
{
	struct plan_node *node = new_node(p, n ? PLAN_FIELD : PLAN_NOTHING);
	struct plan_element *e = arena_zalloc(&p->plan->arena, sizeof *e);

	node->elements = e;
	node->nelements = n > 0;
	e->nterms = n;
	e->terms = arena_alloc(&p->plan->arena, n * sizeof *e->terms);
	for (size_t i = 0; i < n; i++)
		e->terms[i] = arena_bytes(&p->plan->arena, terms[i]);
	return node;
}

/* The articles with a value of the field that is accepted. */
static struct plan_node *values_of(struct filter_planner *p, enum field_letter letter, accept_value *accept)
{
	const struct archive *a = p->filter->archive;
	struct plan_node *n;
	struct intern found;

	intern_init(&found);
	for (size_t i = 0; i < a->nsegments && p->rc == 0; i++)
		p->rc = gather(p, &a->segments[i], letter, accept, &found);
	n = list_of(p, found.strings, found.n);
	intern_release(&found);
	return n;
}

static struct plan_node *hashed(struct filter_planner *p, enum field_letter letter)
{
	struct bytes term;

	field_term(letter, p->filter->value, &p->scratch);
	term = buf_bytes(&p->scratch);
	return test_of(p, list_of(p, &term, 1));
}

static struct plan_node *list_field(struct filter_planner *p, enum field_letter letter)
{
	set_value(p, p->asked->text);
	if (p->rc < 0 || (!p->filter->pattern && !p->filter->value.n))
		return new_node(p, PLAN_NOTHING);
	return values_of(p, letter, filter_value);
}

/* ---- sources, ids, addresses ---- */

static struct plan_node *plan_source(struct filter_planner *p)
{
	struct filter *f = p->filter;
	struct bytes name;
	int64_t id = 0;
	int got;

	set_value(p, p->asked->text);
	if (p->rc < 0)
		return NULL;
	if ((p->rc = catalog_last_source(f->archive->catalog, &id, p->err)) < 0)
		return NULL;
	f->nsources = (uint32_t)id + 1;
	f->sources = arena_zalloc(&p->plan->arena, ((size_t)id / 64 + 1) * sizeof *f->sources);
	for (id = 0; (got = catalog_next_source(f->archive->catalog, &id, &name, p->err)) > 0;) {
		field_fold(name, &f->scratch);
		if (id < f->nsources && filter_value(f, buf_bytes(&f->scratch)))
			f->sources[id / 64] |= UINT64_C(1) << id % 64;
	}
	p->rc = got;
	return test_of(p, NULL);
}

static struct plan_node *plan_id(struct filter_planner *p)
{
	set_value(p, p->asked->text);
	if (p->filter->pattern)
		return test_of(p, new_node(p, PLAN_ALL));
	return p->filter->value.n ? hashed(p, FIELD_ID) : new_node(p, PLAN_NOTHING);
}

/* Without scheme and www., which canonical addresses lack. */
static struct bytes bare_address(struct bytes text)
{
	static const char *const starts[] = { "https://", "http://", "www." };

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t n = strlen(starts[i]);

		if (text.n > n && bytes_is_nocase(bytes_of(text.p, n), starts[i]))
			text = bytes_of(text.p + n, text.n - n);
	}
	return text;
}

static struct plan_node *plan_url_pattern(struct filter_planner *p, struct bytes text)
{
	struct filter *f = p->filter;
	struct bytes bare = bare_address(text), host;

	set_value(p, bare);
	if (p->rc < 0)
		return NULL;
	host = url_host(bare);
	if (!host.n || host.n == bare.n || has_wildcard(host))
		return test_of(p, values_of(p, FIELD_HOST, any_value));
	field_fold(host, &p->scratch);
	f->value = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
	return test_of(p, values_of(p, FIELD_HOST, accept_site));
}

/* A site: bbc.co.uk stands for news.bbc.co.uk too. */
static struct plan_node *plan_site(struct filter_planner *p, struct bytes text)
{
	struct buf page = BUF_INIT;

	buf_add_bytes(&page, text);
	buf_add_str(&page, text.n && text.p[text.n - 1] == '/' ? "x" : "/x");
	if (url_canonical(buf_bytes(&page), &p->scratch))
		p->filter->value = arena_bytes(&p->plan->arena, url_host(buf_bytes(&p->scratch)));
	buf_release(&page);
	if (p->filter->value.n)
		return values_of(p, FIELD_HOST, accept_host);
	set_value(p, text); /* no site: a word somewhere in the address */
	return p->filter->value.n ? test_of(p, values_of(p, FIELD_HOST, any_value))
				  : new_node(p, PLAN_NOTHING);
}

static struct plan_node *plan_url(struct filter_planner *p)
{
	struct bytes text = bytes_trim(p->asked->text);

	if (has_wildcard(text))
		return plan_url_pattern(p, text);
	if (!url_canonical(text, &p->scratch) || !url_host(buf_bytes(&p->scratch)).n)
		return plan_site(p, text);
	p->filter->value = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
	p->filter->whole = text.n > 7 && memmem(text.p, text.n, "://", 3);
	return p->filter->whole ? hashed(p, FIELD_URL) : test_of(p, values_of(p, FIELD_HOST, accept_site));
}

/* ---- all of them ---- */

static struct plan_node *plan_it(struct filter_planner *p)
{
	if (p->asked->kind == QUERY_LENGTH) {
		p->filter->from = p->asked->from;
		p->filter->to = p->asked->to;
		return test_of(p, NULL);
	}
	switch (p->asked->field) {
	case QUERY_FIELD_SOURCE: return plan_source(p);
	case QUERY_FIELD_BY: return list_field(p, FIELD_AUTHOR);
	case QUERY_FIELD_SECTION: return list_field(p, FIELD_SECTION);
	case QUERY_FIELD_LANG: return list_field(p, FIELD_LANG);
	case QUERY_FIELD_TAG: return list_field(p, FIELD_TAG);
	case QUERY_FIELD_ID: return plan_id(p);
	case QUERY_FIELD_URL: return plan_url(p);
	}
	return new_node(p, PLAN_NOTHING);
}

struct plan_node *filter_plan(struct plan *plan, struct archive *archive, const struct query_node *q,
			      struct err *err)
{
	struct filter_planner p = { .plan = plan, .asked = q, .err = err };
	struct plan_node *n;

	p.filter = arena_zalloc(&plan->arena, sizeof *p.filter);
	p.filter->archive = archive;
	p.filter->field = q->kind == QUERY_FIELD ? q->field : (enum query_field)0;
	MEM_GROW(plan->filters, plan->filters_cap, plan->nfilters + 1);
	plan->filters[plan->nfilters++] = p.filter;
	n = plan_it(&p);
	buf_release(&p.scratch);
	return p.rc < 0 ? NULL : n;
}
