#include "text/forms.h"

#include <utf8proc.h>

#define CHARS_MAX 4096 /* SURFACE_MAX / 3 characters of the widest expansion, U+FDFA into 18 */

static bool is_ascii(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 0x80)
			return false;
	return true;
}

/* Write n characters to `out`, composed, cut at FORM_MAX bytes. `chars` is spent. */
static void set_chars(struct buf *out, utf8proc_int32_t *chars, utf8proc_ssize_t n)
{
	n = utf8proc_normalize_utf32(chars, n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	buf_reset(out);
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		uint8_t *p = buf_reserve(out, 4);
		size_t size = utf8_encode(p, (uint32_t)chars[i]);

		if (out->n + size > FORM_MAX)
			break;
		out->n += size;
	}
	buf_add(out, NULL, 0);
}

static utf8proc_int32_t unify_joiners(utf8proc_int32_t c, void *data)
{
	(void)data;
	switch (char_class((uint32_t)c)) {
	case CHAR_APOSTROPHE: return '\'';
	case CHAR_HYPHEN: return c < 0x80 ? c : '-';
	default: return c;
	}
}

static utf8proc_ssize_t decompose(struct bytes s, utf8proc_int32_t chars[CHARS_MAX], int options,
				  utf8proc_custom_func map)
{
	utf8proc_ssize_t n;

	options |= UTF8PROC_DECOMPOSE | UTF8PROC_STABLE | UTF8PROC_IGNORE;
	n = utf8proc_decompose_custom(s.p, (utf8proc_ssize_t)s.n, chars, CHARS_MAX - 1,
				      (utf8proc_option_t)options, map, NULL);
	return n < 0 || n >= CHARS_MAX ? 0 : n;
}

void form_of(struct bytes surface, struct buf *out)
{
	utf8proc_int32_t chars[CHARS_MAX];

	surface = utf8_cut(surface, SURFACE_MAX);
	if (!is_ascii(surface)) {
		set_chars(out, chars, decompose(surface, chars, UTF8PROC_COMPAT, unify_joiners));
		return;
	}
	buf_set(out, utf8_cut(surface, FORM_MAX));
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] == '`')
			out->p[i] = '\'';
}

/* Is the mark an accent on `base`, dropped when accents do not matter? Vowel
 * signs of Indic scripts and the breve of Cyrillic й make other letters: kept. */
static bool is_accent(uint32_t mark, uint32_t base)
{
	if (mark >= 0x0591 && mark <= 0x05C7)
		return true; /* Hebrew points */
	if ((mark >= 0x064B && mark <= 0x065F) || mark == 0x0670)
		return true; /* Arabic vowel marks */
	if (mark < 0x0300 || mark > 0x036F)
		return false;
	if (base >= 0x0400 && base < 0x0530)
		return mark == 0x0301 || (mark == 0x0308 && (base | 0x20) == 0x0435); /* stress; ё */
	return true;
}

/* Letters that differ from a plain one by a stroke, which does not decompose. */
static const char *plain_letter(uint32_t c)
{
	switch (c) {
	case 0x00C6: return "AE";
	case 0x00E6: return "ae";
	case 0x00D0:
	case 0x0110: return "D";
	case 0x00F0:
	case 0x0111: return "d";
	case 0x00D8: return "O";
	case 0x00F8: return "o";
	case 0x00DE: return "Th";
	case 0x00FE: return "th";
	case 0x0126: return "H";
	case 0x0127: return "h";
	case 0x0131: return "i";
	case 0x0141: return "L";
	case 0x0142: return "l";
	case 0x0152: return "OE";
	case 0x0153: return "oe";
	case 0x0166: return "T";
	case 0x0167: return "t";
	default: return NULL;
	}
}

/* Drop accents from n decomposed characters in place; room for CHARS_MAX. */
static utf8proc_ssize_t drop_accents(utf8proc_int32_t *chars, utf8proc_ssize_t n)
{
	utf8proc_int32_t from[CHARS_MAX];
	uint32_t base = 0;
	utf8proc_ssize_t out = 0;

	memcpy(from, chars, (size_t)n * sizeof *from);
	for (utf8proc_ssize_t i = 0; i < n && out + 2 < CHARS_MAX; i++) {
		uint32_t c = (uint32_t)from[i];
		const char *plain = plain_letter(c);

		if (is_accent(c, base))
			continue;
		if (char_class(c) != CHAR_EXTEND)
			base = c;
		if (!plain)
			chars[out++] = from[i];
		else
			for (; *plain; plain++)
				chars[out++] = *plain;
	}
	return out;
}

void form_fold(struct bytes form, unsigned what, struct buf *out)
{
	utf8proc_int32_t chars[CHARS_MAX];
	utf8proc_ssize_t n;

	if (is_ascii(form)) {
		buf_set(out, form);
		if (what & FOLD_CASE)
			for (size_t i = 0; i < out->n; i++)
				out->p[i] = (uint8_t)ascii_lower((char)out->p[i]);
		return;
	}
	n = decompose(utf8_cut(form, SURFACE_MAX), chars, what & FOLD_CASE ? UTF8PROC_CASEFOLD : 0, NULL);
	if (what & FOLD_ACCENTS)
		n = drop_accents(chars, n);
	set_chars(out, chars, n);
}

static void drop_possessive(struct buf *word)
{
	if (word->n > 2 && word->p[word->n - 2] == '\'' && word->p[word->n - 1] == 's')
		word->n -= 2;
}

/* Articles, pronouns and prepositions that French, Italian and Catalan tie to the next word. */
static const char *const elided[] = {
	"l",      "d",      "j",      "m",   "t",   "s",    "n",    "c",    "v",    "qu",    "jusqu",
	"lorsqu", "puisqu", "quoiqu", "un",  "all", "dall", "dell", "nell", "sull", "quell", "quest",
	"bell",   "sant",   "anch",   "com", "dov", "gl",   "agl",  "dagl", "degl", "negl",  "sugl",
};

void form_drop_elision(struct buf *form, const char *language)
{
	const uint8_t *mark = form->n ? memchr(form->p, '\'', form->n - 1) : NULL;
	struct bytes head;

	if (!mark ||
	    (strcmp(language, "french") && strcmp(language, "italian") && strcmp(language, "catalan")))
		return;
	head = bytes_of(form->p, (size_t)(mark - form->p));
	for (size_t i = 0; i < sizeof elided / sizeof *elided; i++) {
		if (bytes_is_nocase(head, elided[i])) {
			buf_set(form, bytes_of(mark + 1, form->n - head.n - 1));
			return;
		}
	}
}

/* The endings of a Turkish name stand after an apostrophe: Ankara'da, in Ankara. */
static void drop_endings(struct buf *word)
{
	const uint8_t *mark = memchr(word->p, '\'', word->n);

	if (mark && mark > word->p)
		word->n = (size_t)(mark - word->p);
}

/* "C.E.O.s" is more than one C.E.O.: a small s after capitals, or after three letters. */
static bool is_acronym_plural(struct bytes form)
{
	if (form.n < 4 || form.p[form.n - 1] != 's' || form.p[form.n - 2] != '.')
		return false;
	return form.n > 6 || (form.p[form.n - 3] >= 'A' && form.p[form.n - 3] <= 'Z');
}

void form_stem(struct bytes form, enum word_class class, struct stemmer *stemmer, const char *language,
	       struct buf *out)
{
	struct bytes stem;

	form_fold(form, FOLD_BOTH, out);
	if (class == WORD_CJK)
		return;
	drop_possessive(out);
	if (class == WORD_ACRONYM) {
		if (is_acronym_plural(form))
			out->n -= 2;
		if (out->n && out->p[out->n - 1] == '.')
			out->n--;
		return;
	}
	if (class == WORD_NUMBER || class == WORD_AMPERSAND)
		return;
	if (strcmp(language, "turkish") == 0)
		drop_endings(out);
	stem = utf8_cut(stemmer_stem(stemmer, buf_bytes(out)), FORM_MAX);
	if (stem.n)
		buf_set(out, stem);
}

void form_test_init(struct form_test *t, struct bytes query_form)
{
	*t = (struct form_test){ .fold = FOLD_BOTH };
	for (size_t i = 0; i < query_form.n;) {
		uint32_t c;

		i += utf8_decode(query_form.p + i, query_form.p + query_form.n, &c);
		if (char_is_upper(c))
			t->fold &= ~(unsigned)FOLD_CASE;
	}
	form_fold(query_form, FOLD_ACCENTS, &t->wanted);
	if (!bytes_equal(buf_bytes(&t->wanted), query_form))
		t->fold &= ~(unsigned)FOLD_ACCENTS;
	form_fold(query_form, t->fold, &t->wanted);
}

void form_test_release(struct form_test *t)
{
	buf_release(&t->wanted);
	buf_release(&t->scratch);
}

bool form_test_match(struct form_test *t, struct bytes form)
{
	form_fold(form, t->fold, &t->scratch);
	return bytes_equal(buf_bytes(&t->scratch), buf_bytes(&t->wanted));
}
