/* tests/unit/test_tokens.c - texts give the tokens of tests/golden/tokens.tsv, and
 * articles the tokens of their parts.
 */
#include "text/analyze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static struct analyzer *new_analyzer(const char *language)
{
	struct err err = { 0 };
	struct analyzer *a = analyzer_new(language, &err);

	if (!a)
		fail_msg("%s", err.msg);
	return a;
}

/* ---- tokens as the golden table writes them ---- */

static void show_token(const struct token *t, struct buf *out)
{
	if (out->n)
		buf_add_byte(out, ' ');
	buf_addf(out, "%u", t->pos);
	if (t->kind == TOKEN_MARK) {
		buf_addf(out, "!%c", t->word->stem.p[1]);
		return;
	}
	buf_add_byte(out, token_takes_position(t) ? ':' : '+');
	buf_add_bytes(out, t->word->stem);
	if (bytes_equal(t->word->stem, t->word->form))
		return;
	buf_add_byte(out, '/');
	buf_add_bytes(out, t->word->form);
}

static void show(const struct tokens *tokens, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < tokens->n; i++)
		show_token(&tokens->v[i], out);
}

static void expect_tokens(struct analyzer *a, const char *text, const char *wanted)
{
	struct tokens tokens = TOKENS_INIT;
	struct buf shown = BUF_INIT;

	analyze_text(a, bytes_str(text), &tokens);
	show(&tokens, &shown);
	assert_string_equal(buf_cstr(&shown), wanted);
	tokens_release(&tokens);
	buf_release(&shown);
}

/* ---- the golden table ---- */

static void unescape(struct bytes s, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : 0;

		if (c == '\\' && next == 'u' && i + 6 <= s.n) {
			char hex[5] = { (char)s.p[i + 2], (char)s.p[i + 3], (char)s.p[i + 4],
					(char)s.p[i + 5], 0 };

			out->n += utf8_encode(buf_reserve(out, 4), (uint32_t)strtoul(hex, NULL, 16));
			i += 5;
		} else if (c == '\\' && next && strchr("ntr", next)) {
			buf_add_byte(out, next == 'n' ? '\n' : next == 't' ? '\t' : '\r');
			i++;
		} else {
			buf_add_byte(out, c);
		}
	}
}

/* Cut the field at the front of *rest, up to a tab or the end. */
static struct bytes take_field(struct bytes *rest)
{
	const uint8_t *tab = rest->n ? memchr(rest->p, '\t', rest->n) : NULL;
	struct bytes field = bytes_of(rest->p, tab ? (size_t)(tab - rest->p) : rest->n);

	*rest = bytes_of(rest->p + field.n + (tab != NULL), rest->n - field.n - (tab != NULL));
	return field;
}

/* One row; false, with a message, if the tokens differ. */
static bool check_row(struct bytes row, unsigned number)
{
	struct bytes input = take_field(&row), wanted = take_field(&row);
	struct buf language = BUF_INIT, text = BUF_INIT, want = BUF_INIT, shown = BUF_INIT;
	struct tokens tokens = TOKENS_INIT;
	struct analyzer *a;
	bool same;

	buf_add_bytes(&language, row.n ? row : bytes_str("english"));
	a = new_analyzer(buf_cstr(&language));
	unescape(input, &text);
	analyze_text(a, buf_bytes(&text), &tokens);
	show(&tokens, &shown);
	buf_add_str(&want, wanted.n ? "0!p 0!s " : "");
	buf_add_bytes(&want, wanted);
	same = bytes_equal(buf_bytes(&want), buf_bytes(&shown));
	if (!same)
		print_error("tokens.tsv:%u: %.*s\n  wanted %s\n  gives  %s\n", number, (int)input.n, input.p,
			    buf_cstr(&want), buf_cstr(&shown));
	analyzer_free(a);
	tokens_release(&tokens);
	buf_release(&language);
	buf_release(&text);
	buf_release(&want);
	buf_release(&shown);
	return same;
}

static void read_file(const char *name, struct buf *out)
{
	const char *root = getenv("MORGUE_ROOT");
	struct buf path = BUF_INIT;
	FILE *f;
	size_t n;

	buf_addf(&path, "%s/%s", root ? root : ".", name);
	f = fopen(buf_cstr(&path), "rb");
	if (!f)
		fail_msg("cannot open %s; set MORGUE_ROOT", buf_cstr(&path));
	while ((n = fread(buf_reserve(out, 4096), 1, 4096, f)) > 0)
		out->n += n;
	fclose(f);
	buf_release(&path);
}

static void the_golden_table_holds(void **state)
{
	struct buf file = BUF_INIT;
	struct bytes rest, line;
	unsigned number = 0, rows = 0, wrong = 0;

	(void)state;
	read_file("tests/golden/tokens.tsv", &file);
	for (rest = buf_bytes(&file); bytes_line(&rest, &line);) {
		number++;
		if (bytes_is(line, "#") || bytes_start(line, bytes_str("# ")))
			continue;
		rows++;
		wrong += !check_row(line, number);
	}
	buf_release(&file);
	assert_true(rows > 150);
	assert_int_equal(wrong, 0);
}

/* ---- long tokens ---- */

static void a_long_token_is_cut_at_a_character(void **state)
{
	struct analyzer *a = new_analyzer("none");
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_add_str(&text, "\u00FE"); /* thorn: two bytes, folded to th */
	buf_add_str(&text, " next");
	analyze_text(a, buf_bytes(&text), &tokens);
	assert_int_equal(tokens.words, 2);
	assert_int_equal(tokens.v[2].word->form.n, 254);
	assert_int_equal(tokens.v[2].word->stem.n, 254);
	assert_int_equal(tokens.v[2].end, 400);
	assert_true(bytes_is(tokens.v[3].word->form, "next"));
	tokens_release(&tokens);
	buf_release(&text);
	analyzer_free(a);
}

static void words_that_differ_after_the_cut_are_the_same(void **state)
{
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 600; j++)
			buf_add_byte(&text, (uint8_t)('a' + j % 7));
		buf_add_str(&text, i ? "x " : "y ");
	}
	analyze_text(a, buf_bytes(&text), &tokens);
	assert_int_equal(tokens.n, 4);
	assert_int_equal(tokens.v[2].word->form.n, FORM_MAX);
	assert_true(bytes_equal(tokens.v[2].word->form, tokens.v[3].word->form));
	assert_true(bytes_equal(tokens.v[2].word->stem, tokens.v[3].word->stem));
	tokens_release(&tokens);
	buf_release(&text);
	analyzer_free(a);
}

static void a_chain_of_parts_has_a_cut_whole(void **state)
{
	struct analyzer *a = new_analyzer("none");
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_add_str(&text, i ? "-a" : "a");
	analyze_text(a, buf_bytes(&text), &tokens);
	assert_int_equal(tokens.words, 300);
	assert_int_equal(tokens.v[3].kind, TOKEN_WHOLE);
	assert_int_equal(tokens.v[3].word->form.n, FORM_MAX);
	tokens_release(&tokens);
	buf_release(&text);
	analyzer_free(a);
}

/* A word of a megabyte of pieces had each compared with all before (fixed by
 * taking the pieces of the cut word only). */
static void pieces_beyond_the_cut_are_left_out(void **state)
{
	struct analyzer *a = new_analyzer("none");
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_addf(&text, i ? "&%d" : "a%d", i);
	analyze_text(a, buf_bytes(&text), &tokens);
	assert_int_equal(tokens.words, 1);
	assert_true(tokens.n < FORM_MAX / 2 + 3);
	assert_true(tokens.v[tokens.n - 1].end <= FORM_MAX);
	tokens_release(&tokens);
	buf_release(&text);
	analyzer_free(a);
}

/* ---- articles ---- */

static const char title[] = "Miners\u2019 strike ends";
static const char body[] = "\n LONDON - The strike of COVID-19 ended. SHARE THIS\n"
			   "Talks \u201Cwent on\u201D at AT&T for $5bn.\nRead more\n";

/* The range of `what` in the body. */
static struct range range_of(const char *what)
{
	const char *at = strstr(body, what);

	assert_non_null(at);
	return (struct range){ (uint32_t)(at - body), (uint32_t)(at - body + (long)strlen(what)) };
}

static void a_headline_stands_before_its_body(void **state)
{
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;
	uint32_t headline = analyze_article(a, bytes_str(title), bytes_str(body), NULL, 0, &tokens);
	size_t i = 0;

	(void)state;
	assert_int_equal(headline, 3);
	for (; i < tokens.n && tokens.v[i].pos <= headline; i++)
		assert_true(tokens.v[i].pos < headline);
	assert_int_equal(tokens.v[i].pos, headline + 1);
	assert_true(tokens.v[i].kind == TOKEN_MARK);
	while (i < tokens.n && tokens.v[i].kind == TOKEN_MARK)
		i++;
	assert_true(bytes_is(tokens.v[i].word->form, "LONDON"));
	assert_int_equal(tokens.next, headline + 1 + (tokens.words - headline));
	tokens_release(&tokens);
	analyzer_free(a);
}

static void an_article_may_lack_either_part(void **state)
{
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;

	(void)state;
	assert_int_equal(analyze_article(a, BYTES_NONE, bytes_str("One two"), NULL, 0, &tokens), 0);
	assert_int_equal(tokens.v[0].pos, 1);
	assert_int_equal(analyze_article(a, bytes_str("One two"), BYTES_NONE, NULL, 0, &tokens), 2);
	assert_int_equal(tokens.words, 2);
	assert_int_equal(analyze_article(a, BYTES_NONE, BYTES_NONE, NULL, 0, &tokens), 0);
	assert_int_equal(tokens.n, 0);
	tokens_release(&tokens);
	analyzer_free(a);
}

/* Each token's offsets hold what its form was made from. */
static void offsets_point_at_the_surface(void **state)
{
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;
	uint32_t headline = analyze_article(a, bytes_str(title), bytes_str(body), NULL, 0, &tokens);
	struct buf form = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *t = &tokens.v[i];
		const char *text = t->pos < headline ? title : body;

		if (t->kind == TOKEN_MARK || t->kind == TOKEN_WHOLE)
			continue;
		form_of(bytes_of(text + t->start, t->end - t->start), &form);
		if (!bytes_equal(buf_bytes(&form), t->word->form))
			fail_msg("%s at %u is not %.*s", buf_cstr(&form), t->start, (int)t->word->form.n,
				 t->word->form.p);
	}
	buf_release(&form);
	tokens_release(&tokens);
	analyzer_free(a);
}

static void furniture_is_left_out(void **state)
{
	struct range furniture[] = { range_of("SHARE THIS"), range_of("Read more") };
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;
	struct buf shown = BUF_INIT;

	(void)state;
	analyze_article(a, bytes_str("T"), bytes_str(body), furniture, 2, &tokens);
	show(&tokens, &shown);
	assert_string_equal(
		buf_cstr(&shown),
		"0!p 0!s 0:t/T 2!p 2!s 2:london/LONDON 3:the/The 4:strike 5:of 6:covid/COVID "
		"6+covid19/COVID19 7:19 8:end/ended 9!p 9!s 9:talk/Talks 10!( 10:went 11:on 12!) 12:at "
		"13:at&t/AT&T 13+at/AT 13+t/T 14:for 15:5 15+$ 16:bn");
	for (size_t i = 0; i < tokens.n; i++)
		for (size_t j = 0; j < 2; j++)
			assert_true(tokens.v[i].end <= furniture[j].start ||
				    tokens.v[i].start >= furniture[j].end);
	for (size_t i = 0; i < tokens.n; i++)
		if (bytes_is(tokens.v[i].word->stem, "talk"))
			assert_int_equal(tokens.v[i].start, range_of("Talks").start);
	buf_release(&shown);
	tokens_release(&tokens);
	analyzer_free(a);
}

static void furniture_may_be_everything(void **state)
{
	struct range all = { 0, sizeof body - 1 };
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;

	(void)state;
	assert_int_equal(analyze_article(a, bytes_str(title), bytes_str(body), &all, 1, &tokens), 3);
	assert_int_equal(tokens.words, 3);
	tokens_release(&tokens);
	analyzer_free(a);
}

/* Whether an empty line ends a paragraph is a matter of the body, not of the piece
 * of it between two furniture ranges (fixed: each piece decided for itself). */
static void a_wrapped_line_stays_one_paragraph_after_furniture(void **state)
{
	static const char text[] = "One line\nwraps.\n\nADVERT\n\nAnother\nwraps.";
	struct range advert = { 17, 23 };
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;
	unsigned paragraphs = 0;

	(void)state;
	analyze_article(a, BYTES_NONE, bytes_str(text), &advert, 1, &tokens);
	for (size_t i = 0; i < tokens.n; i++)
		paragraphs += bytes_is(tokens.v[i].word->stem, MARK_PARAGRAPH_TERM);
	assert_int_equal(paragraphs, 2);
	tokens_release(&tokens);
	analyzer_free(a);
}

/* ---- whatever the text ---- */

static void expect_same(const struct tokens *x, const struct tokens *y)
{
	assert_int_equal(x->n, y->n);
	assert_int_equal(x->words, y->words);
	for (size_t i = 0; i < x->n; i++) {
		const struct token *t = &x->v[i], *u = &y->v[i];

		assert_true(t->pos == u->pos && t->start == u->start && t->end == u->end &&
			    t->kind == u->kind);
		assert_true(bytes_equal(t->word->stem, u->word->stem) &&
			    bytes_equal(t->word->form, u->word->form));
	}
}

/* Words enough that the analyzer forgets what it has seen, more than once. */
static void forgetting_changes_nothing(void **state)
{
	struct analyzer *a = new_analyzer("none"), *fresh = new_analyzer("none");
	struct tokens before = TOKENS_INIT, after = TOKENS_INIT, other = TOKENS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	analyze_article(fresh, bytes_str(title), bytes_str(body), NULL, 0, &before);
	for (unsigned i = 0; i < 40; i++) {
		buf_reset(&text);
		for (unsigned j = 0; j < 40000; j++)
			buf_addf(&text, "%ub%ux%u ", i, j, i * j);
		analyze_article(a, BYTES_NONE, buf_bytes(&text), NULL, 0, &other);
		assert_int_equal(other.words, 40000);
		analyze_article(a, bytes_str(title), bytes_str(body), NULL, 0, &after);
		expect_same(&before, &after);
	}
	tokens_release(&before);
	tokens_release(&after);
	tokens_release(&other);
	buf_release(&text);
	analyzer_free(a);
	analyzer_free(fresh);
}

static void a_text_gives_the_same_twice(void **state)
{
	struct analyzer *a = new_analyzer("english");
	struct tokens once = TOKENS_INIT, twice = TOKENS_INIT;

	(void)state;
	analyze_text(a, bytes_str(body), &once);
	analyze_text(a, bytes_str(body), &twice);
	expect_same(&once, &twice);
	tokens_release(&once);
	tokens_release(&twice);
	analyzer_free(a);
}

static void positions_go_on_in_the_next_text(void **state)
{
	struct analyzer *a = new_analyzer("none");
	struct tokens tokens = TOKENS_INIT;
	struct buf shown = BUF_INIT;

	(void)state;
	analyze_text(a, bytes_str("a b"), &tokens);
	analyze_text(a, bytes_str("c"), &tokens);
	show(&tokens, &shown);
	assert_string_equal(buf_cstr(&shown), "0!p 0!s 0:a 1:b 2!p 2!s 2:c");
	assert_int_equal(tokens.next, 3);
	tokens_reset(&tokens);
	assert_true(tokens.n == 0 && tokens.next == 0 && tokens.words == 0);
	tokens_release(&tokens);
	buf_release(&shown);
	analyzer_free(a);
}

/* Marks were looked for beside the words where white space came first (fixed:
 * only the end of a text is trimmed). */
static void white_space_in_front_moves_no_mark(void **state)
{
	struct analyzer *a = new_analyzer("none");

	(void)state;
	expect_tokens(a, "A b. C d.", "0!p 0!s 0:a/A 1:b 2!s 2:c/C 3:d");
	expect_tokens(a, "\n \n\n A b. C d.", "0!p 0!s 0:a/A 1:b 2!s 2:c/C 3:d");
	analyzer_free(a);
}

/* Words are known by their bytes, short ones without a string: the same ones have one number wherever
 * they stand in the text, others do not. */
static void words_of_any_length_are_known_again(void **state)
{
	struct analyzer *a = new_analyzer("none");
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;
	const struct token *first;

	(void)state;
	for (size_t n = 1; n < 40; n++) {
		tokens_reset(&tokens);
		buf_reset(&text);
		for (unsigned i = 0; i < 4; i++) {
			for (size_t k = 1; k < n; k++)
				buf_add_byte(&text, 'x');
			buf_add_str(&text, (const char *[]){ "x ", "y ", "0 ", "x" }[i]);
		}
		analyze_text(a, buf_bytes(&text), &tokens);
		first = &tokens.v[tokens.n - 4]; /* marks stand before it */
		assert_int_equal(first[0].number, first[3].number);
		for (size_t i = 0; i < 3; i++) {
			assert_int_equal(first[i].word->form.n, n);
			assert_int_not_equal(first[i].number, first[(i + 1) % 3].number);
		}
	}
	analyzer_free(a);
	tokens_release(&tokens);
	buf_release(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_golden_table_holds),
		cmocka_unit_test(a_long_token_is_cut_at_a_character),
		cmocka_unit_test(words_that_differ_after_the_cut_are_the_same),
		cmocka_unit_test(a_chain_of_parts_has_a_cut_whole),
		cmocka_unit_test(pieces_beyond_the_cut_are_left_out),
		cmocka_unit_test(a_headline_stands_before_its_body),
		cmocka_unit_test(an_article_may_lack_either_part),
		cmocka_unit_test(offsets_point_at_the_surface),
		cmocka_unit_test(furniture_is_left_out),
		cmocka_unit_test(furniture_may_be_everything),
		cmocka_unit_test(a_wrapped_line_stays_one_paragraph_after_furniture),
		cmocka_unit_test(forgetting_changes_nothing),
		cmocka_unit_test(words_of_any_length_are_known_again),
		cmocka_unit_test(a_text_gives_the_same_twice),
		cmocka_unit_test(positions_go_on_in_the_next_text),
		cmocka_unit_test(white_space_in_front_moves_no_mark),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
