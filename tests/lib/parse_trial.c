#include "lib/parse_trial.h"

#include "base/civil.h"
#include "base/mem.h"
#include "lib/show_tree.h"
#include "text/utf8.h"
#include "parse/tree_print.h"

#include <inttypes.h>
#include <stdlib.h>

#define TODAY (20783 * (int64_t)CIVIL_DAY) /* 2026-11-26 */

/* ---- a sound tree ---- */

static const char *check_children(const struct query_node *n, size_t children)
{
	switch (n->kind) {
	case QUERY_AND:
	case QUERY_OR: return children > 1 ? NULL : "a branch with fewer than two children";
	case QUERY_NEAR:
	case QUERY_NOT_NEAR: return children == 2 && n->n ? NULL : "nearness of other than two";
	case QUERY_SOME_OF: return n->n && children >= n->n ? NULL : "some of fewer";
	case QUERY_NOT:
	case QUERY_AT_LEAST: return children == 1 ? NULL : "not one child";
	default: return children ? "a leaf with children" : NULL;
	}
}

static const char *check_values(const struct query_node *n)
{
	if ((n->kind == QUERY_DATE || n->kind == QUERY_LENGTH) && n->from >= n->to)
		return "an empty range";
	if (n->boost < BOOST_LEAST || n->boost > BOOST_MOST)
		return "a weight out of bounds";
	if (n->regions && !query_is_words(n->kind))
		return "a region of what is no word";
	if (!(n->regions & REGION_FIRST) != !n->first)
		return "the first words without their number";
	if (n->kind == QUERY_FUZZY && (n->n < 1 || n->n > 2))
		return "fuzzy by other than one or two";
	if (n->kind == QUERY_CASED && (n->form < CASE_CAPS || n->form > CASE_NOCAPS))
		return "no form";
	if (n->kind == QUERY_FIELD && (n->field < QUERY_FIELD_SOURCE || n->field > QUERY_FIELD_TAG))
		return "no field";
	return n->kind >= QUERY_WORD && n->kind <= QUERY_FIELD && !n->text.n ? "no text" : NULL;
}

/* What is wrong with it; NULL: nothing. */
static const char *check_tree(struct bytes text, const struct query_node *n, unsigned height)
{
	size_t children = 0;
	const char *wrong = height > PARSE_HEIGHT ? "too high" : check_values(n);

	for (const struct query_node *child = n->children; child && !wrong; child = child->next, children++)
		wrong = child->height >= n->height ? "a height that is none"
						   : check_tree(text, child, height + 1);
	if (!wrong && n->place.n && (n->place.p < text.p || n->place.p + n->place.n > text.p + text.n))
		wrong = "a place outside";
	return wrong ? wrong : check_children(n, children);
}

/* ---- read, print, read ---- */

static bool is_safe(struct bytes text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t c;

		at += utf8_decode(text.p + at, text.p + text.n, &c);
		if (c == UTF8_REPLACEMENT || utf8_is_unsafe(c))
			return false;
	}
	return true;
}

static bool same_again(const struct query *q, struct arena *arena, struct buf *what)
{
	struct buf printed = BUF_INIT, first = BUF_INIT, second = BUF_INIT;
	struct parse_options options = { .today = TODAY };
	struct query again;
	struct err err;
	bool same;

	tree_print(&printed, q->root);
	show_tree(&first, q->root);
	if (query_parse(&again, buf_bytes(&printed), &options, arena, &err) < 0)
		buf_addf(&second, "an error: %s", err.msg);
	else if (again.root)
		show_tree(&second, again.root);
	same = strcmp(buf_cstr(&first), buf_cstr(&second)) == 0;
	if (!same)
		buf_addf(what, "is read as %s, printed as [%s], and then read as %s", buf_cstr(&first),
			 buf_cstr(&printed), buf_cstr(&second));
	query_release(&again);
	buf_release(&printed);
	buf_release(&first);
	buf_release(&second);
	return same;
}

bool parse_trial(struct bytes text, const struct parse_options *options, struct buf *what)
{
	uint8_t *block = mem_alloc(text.n);
	struct arena arena = ARENA_INIT;
	struct query q;
	struct err err;
	const char *wrong = NULL;
	bool own = !options->literal && options->dialect == DIALECT_MORGUE;
	int rc;

	if (text.n)
		memcpy(block, text.p, text.n);
	rc = query_parse(&q, bytes_of(block, text.n), options, &arena, &err);
	if (rc < 0 && (q.fault.p < block || q.fault.p + q.fault.n > block + text.n))
		wrong = "is refused for what is outside of it";
	if (rc == 0 && q.root)
		wrong = check_tree(bytes_of(block, text.n), q.root, 0);
	if (wrong)
		buf_add_str(what, wrong);
	else if (rc == 0 && q.root && own && q.root->height < PARSE_DEPTH / 2 && is_safe(text))
		wrong = same_again(&q, &arena, what) ? NULL : "differs";
	query_release(&q);
	arena_release(&arena);
	free(block);
	return !wrong;
}

bool parse_trial_of_bytes(const uint8_t *bytes, size_t n, struct buf *what)
{
	uint8_t draw = n ? bytes[0] : 0;
	struct parse_options options = { .any = draw & 1,
					 .literal = (draw & 14) == 14,
					 .dialect = (enum query_dialect)(draw / 16 % 3),
					 .today = TODAY };

	return parse_trial(bytes_of(bytes + (n > 0), n - (n > 0)), &options, what);
}

/* ---- questions ---- */

/* clang-format off */
static const char *const pieces[] = {
	" ", " ", " ", " ", "  ", "(", ")", "(", ")", "\"", "\"", "“", "”", "«", "~", "=", "-", "*", "?", "!",
	"a", "b", "c", "é", "京", "AND", "OR", "NOT", "and", "or", "not", "title:", "lead:", "first/5:",
	"quote:", "source:", "by:", "url:", "words:", "date:", "after:", "before:", "..", "1987", "-03",
	"-31", "none", "last-3d", "today", "\n", "'", "\x80", "\xE2", "\xE2\x80", "\xF0\x9F", "🙂", "$5", "%",
	"word", "COVID-19", "AT&T", "\x01", " w/5 ", " w/s ", " pre/2 ", " not w/3 ", " near/0 ", "w/x",
	"atleast2(", "2of(", "caps(", "allcaps(", "^2", "^0.5", "~1", "~2", "~3", "/colou?r/", "/", "wom?n",
	"terror!", "*gate", ">5", "<9", "1..3", "\\", "^", ".", ",", ":", "hlead(", "headline (", "hd=", "wc>5",
	" date aft 1/1/2019 ", " adj3 ", " same ", "/N3/", "/F5/", "[", "]", "$2", "atleast3 ", " /p ", "w/seg",
	"length > 5", "&",
};

static const char *const questions[] = {
	"bank rescue OR lender -river", "merger w/5 (approv* OR block*)", "bank not w/5 river",
	"\"interest rates\" ~\"interest rate\" \"a * b\"", "title:flood^2 lead:(flood dam) first/50:flood",
	"atleast5(opioid OR opiate) 3of(crash plane \"pilot error\" runway)",
	"caps(apple) allcaps(RICO) nocaps(aids) =Gates", "terror* wom?n *gate /colou?r/ qaddafi~1",
	"source:(bbc OR \"le monde\") by:\"jane doe\" url:https://a.b/* words:300..500 date:2019-03..2020",
	"(a OR b c) w/s (d e)", "anti-wom?n \"climat* change\" (a (b OR (c d)^3))",
};
/* clang-format on */

static void change(struct rng *r, struct buf *text)
{
	for (uint32_t n = rng_below(r, 4); n && text->n; n--) {
		size_t at = rng_below(r, (uint32_t)text->n);

		if (rng_one_in(r, 3))
			text->p[at] = (uint8_t)rng_below(r, 256);
		else if (rng_one_in(r, 2))
			text->p[at] = text->p[rng_below(r, (uint32_t)text->n)];
		else
			text->n = at;
	}
}

void random_question(struct rng *r, struct buf *text)
{
	buf_reset(text);
	if (rng_one_in(r, 3)) {
		buf_add_str(text, questions[rng_below(r, sizeof questions / sizeof *questions)]);
		change(r, text);
	}
	for (uint32_t n = rng_below(r, 16); n; n--) {
		buf_add_str(text, pieces[rng_below(r, sizeof pieces / sizeof *pieces)]);
		if (rng_one_in(r, 200))
			buf_add_byte(text, 0);
	}
}
