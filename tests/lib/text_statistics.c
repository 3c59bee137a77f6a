#include "lib/text_statistics.h"

#include "base/hash.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define GROWTH 40 /* doublings of the vocabulary */

struct stem_count {
	uint64_t occurrences;
	uint32_t articles, last; /* the last article with it, from 1 on */
	uint32_t forms;
};

/* The last article with each run of words, by the run's hash. */
struct run_table {
	struct run {
		uint64_t hash; /* 0: empty */
		uint32_t article;
	} * slots;
	size_t n, size; /* size: a power of two, at most half full */
};

void text_statistics_init(struct text_statistics *s)
{
	*s = (struct text_statistics){ .ndocs = 0 };
	intern_init(&s->stems);
	intern_init(&s->forms);
	s->growth = mem_zalloc(GROWTH, sizeof *s->growth);
	for (int i = 0; i < FIGURE_RUNS; i++) {
		s->runs[i] = mem_zalloc(1, sizeof *s->runs[i]);
		s->runs[i]->size = 1024;
		s->runs[i]->slots = mem_zalloc(1024, sizeof *s->runs[i]->slots);
	}
}

void text_statistics_release(struct text_statistics *s)
{
	intern_release(&s->stems);
	intern_release(&s->forms);
	free(s->counts);
	free(s->lengths);
	free(s->growth);
	for (int i = 0; i < FIGURE_RUNS; i++) {
		free(s->runs[i]->slots);
		free(s->runs[i]);
	}
}

/* ---- runs ---- */

static struct run *find_run(struct run_table *t, uint64_t hash)
{
	size_t i = (size_t)hash & (t->size - 1);

	while (t->slots[i].hash && t->slots[i].hash != hash)
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static void grow_runs(struct run_table *t)
{
	struct run_table old = *t;

	t->size *= 2;
	t->slots = mem_zalloc(t->size, sizeof *t->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].hash)
			*find_run(t, old.slots[i].hash) = old.slots[i];
	free(old.slots);
}

/* Is the run in an earlier article? */
static bool seen_run(struct run_table *t, uint64_t hash, uint32_t article)
{
	struct run *run = find_run(t, hash | 1);
	bool seen = run->hash && run->article < article;

	if (run->hash)
		return seen;
	*run = (struct run){ hash | 1, article };
	if (++t->n * 2 > t->size)
		grow_runs(t);
	return false;
}

/* The runs of two and more words that end with this stem. `last` holds those before it, newest first. */
static void count_runs(struct text_statistics *s, uint32_t stem, uint32_t *last, uint32_t nlast)
{
	uint64_t hash = (stem + UINT64_C(1)) * UINT64_C(0x9E3779B97F4A7C15);

	for (uint32_t i = 0; i < FIGURE_RUNS && i < nlast; i++) {
		hash = (hash ^ last[i]) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 29;
		s->run_count[i]++;
		s->run_again[i] += seen_run(s->runs[i], hash, s->ndocs);
	}
	memmove(last + 1, last, (FIGURE_RUNS - 1) * sizeof *last);
	last[0] = stem;
}

/* ---- words ---- */

static void count_mark(struct text_statistics *s, const struct token *t)
{
	s->sentences += bytes_is(t->word->stem, MARK_SENTENCE_TERM);
	s->paragraphs += bytes_is(t->word->stem, MARK_PARAGRAPH_TERM);
	s->quotations += bytes_is(t->word->stem, MARK_OPEN_TERM);
}

static uint32_t count_word(struct text_statistics *s, const struct token *t)
{
	uint32_t known = s->stems.n, stem = intern_add(&s->stems, t->word->stem), nforms = s->forms.n;
	struct stem_count *count;

	MEM_GROW(s->counts, s->counts_cap, (size_t)stem + 1);
	count = &s->counts[stem];
	if (stem == known) {
		*count = (struct stem_count){ .occurrences = 0 };
		for (int i = 0; i < GROWTH; i++)
			if (known == UINT64_C(1) << i)
				s->growth[i] = s->words;
	}
	count->occurrences++;
	count->articles += count->last != s->ndocs;
	count->last = s->ndocs;
	count->forms += intern_add(&s->forms, t->word->form) == nforms;
	s->words++;
	if (t->word->form.n) {
		s->capitals += t->word->form.p[0] >= 'A' && t->word->form.p[0] <= 'Z';
		s->numbers += ascii_is_digit(t->word->form.p[0]);
	}
	return stem;
}

/* Which of the headline's stems does the body say? Counts are those before the body. */
static void count_again(struct text_statistics *s, uint32_t headline, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->n && tokens->v[i].pos < headline; i++) {
		const struct token *t = &tokens->v[i];
		bool again = false;

		if (!token_takes_position(t))
			continue;
		for (size_t j = tokens->n; j-- > i && tokens->v[j].pos > headline && !again;)
			again = bytes_equal(tokens->v[j].word->stem, t->word->stem);
		s->headline_words++;
		s->headline_again += again;
	}
}

void text_statistics_add(struct text_statistics *s, uint32_t headline, const struct tokens *tokens)
{
	uint32_t last[FIGURE_RUNS], nlast = 0;

	MEM_GROW(s->lengths, s->lengths_cap, (size_t)s->ndocs + 1);
	s->lengths[s->ndocs++] = tokens->words;
	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *t = &tokens->v[i];

		if (t->kind == TOKEN_MARK && t->pos > headline)
			count_mark(s, t);
		if (!token_takes_position(t))
			continue;
		count_runs(s, count_word(s, t), last, nlast);
		nlast += nlast < FIGURE_RUNS;
	}
	count_again(s, headline, tokens);
}

/* ---- figures ---- */

static int larger_first(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a < b) - (a > b);
}

static int smaller_first(const void *x, const void *y)
{
	return -larger_first(x, y);
}

static void figure_lengths(const struct text_statistics *s, struct figures *f)
{
	double *v = mem_alloc((s->ndocs + 1) * sizeof *v);

	for (uint32_t i = 0; i < s->ndocs; i++)
		v[i] = s->lengths[i];
	qsort(v, s->ndocs, sizeof *v, smaller_first);
	f->words_median = v[s->ndocs / 2];
	f->words_95 = v[s->ndocs * 95 / 100];
	f->words_99 = v[s->ndocs * 99 / 100];
	free(v);
}

static void figure_stems(const struct text_statistics *s, struct figures *f)
{
	double *occurrences = mem_alloc((s->stems.n + 1) * sizeof *occurrences);
	double *articles = mem_alloc((s->stems.n + 1) * sizeof *articles);
	double once = 0, nburst = 0, burst = 0, nforms = 0, forms = 0;

	for (uint32_t i = 0; i < s->stems.n; i++) {
		const struct stem_count *c = &s->counts[i];

		occurrences[i] = (double)c->occurrences;
		articles[i] = c->articles;
		once += c->articles == 1;
		if (c->articles >= s->ndocs / 1000.0 && c->articles <= s->ndocs / 100.0)
			burst += (double)c->occurrences / c->articles, nburst++;
		if (c->articles >= 20)
			forms += c->forms, nforms++;
	}
	qsort(occurrences, s->stems.n, sizeof *occurrences, larger_first);
	qsort(articles, s->stems.n, sizeof *articles, larger_first);
	for (uint32_t i = 0, rank = 1; i < FIGURE_RANKS; i++, rank *= 10)
		f->df[i] = rank <= s->stems.n ? articles[rank - 1] / s->ndocs : 0;
	f->zipf = s->stems.n < 10000 ? 0 : log10(occurrences[99] / occurrences[9999]) / 2;
	f->df_once = once / s->stems.n;
	f->burst = nburst > 0 ? burst / nburst : 0;
	f->forms = nforms > 0 ? forms / nforms : 0;
	free(occurrences);
	free(articles);
}

/* V grows as n^beta: twice the vocabulary takes 2^(1/beta) times the words. */
static double heaps_exponent(const struct text_statistics *s)
{
	int last = 0;

	while (last + 1 < GROWTH && s->growth[last + 1])
		last++;
	return last < 4 ? 0 : 2 * log(2) / log((double)s->growth[last] / (double)s->growth[last - 2]);
}

void text_statistics_figures(const struct text_statistics *s, struct figures *f)
{
	double words = (double)s->words;

	*f = (struct figures){ .articles = s->ndocs, .stems = s->stems.n };
	f->words_mean = words / s->ndocs;
	f->per_headline = (double)s->headline_words / s->ndocs;
	f->per_sentence = (words - (double)s->headline_words) / (double)s->sentences;
	f->per_paragraph = (words - (double)s->headline_words) / (double)s->paragraphs;
	f->headline_again = (double)s->headline_again / (double)s->headline_words;
	f->capitals = 100 * (double)s->capitals / words;
	f->numbers = 100 * (double)s->numbers / words;
	f->quotations = 100 * (double)s->quotations / words;
	f->heaps = heaps_exponent(s);
	for (int i = 0; i < FIGURE_RUNS; i++)
		f->runs[i] = (double)s->run_again[i] / (double)s->run_count[i];
	figure_lengths(s, f);
	figure_stems(s, f);
}
