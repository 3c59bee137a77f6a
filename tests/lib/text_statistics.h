/* tests/lib/text_statistics.h - what the words of an archive are like, in a few figures,
 * so that made-up news can be held against real news.
 *
 *	text_statistics_init(&s);
 *	text_statistics_add(&s, headline, &tokens);	for each article, as analyzed
 *	text_statistics_figures(&s, &figures);
 *	text_statistics_release(&s);
 *
 * Memory grows with the distinct stems and with the runs of words.
 */
#ifndef MORGUE_TEXT_STATISTICS_H
#define MORGUE_TEXT_STATISTICS_H

#include "text/analyze.h"

#define FIGURE_RANKS 5 /* 1st, 10th, 100th, ... */
#define FIGURE_RUNS  4 /* of 2, 3, 4 and 5 words */

struct text_statistics {
	struct intern stems, forms;
	struct stem_count *counts; /* by stem */
	size_t counts_cap;
	uint32_t *lengths, ndocs; /* words of each article */
	size_t lengths_cap;
	uint64_t words, sentences, paragraphs, quotations, capitals, numbers;
	uint64_t headline_words, headline_again; /* in all, and those that the body says too */
	uint64_t *growth;                        /* words read when stem 2^i was new */
	struct run_table *runs[FIGURE_RUNS];
	uint64_t run_count[FIGURE_RUNS], run_again[FIGURE_RUNS];
};

struct figures {
	double articles, words_mean, words_median, words_95, words_99; /* of an article */
	double per_sentence, per_paragraph, per_headline;              /* words */
	double stems, heaps;     /* distinct; exponent of their growth over the last doubling */
	double zipf;             /* slope of frequency by rank, from the 100th to the 10,000th */
	double df_once;          /* share of stems that one article has */
	double df[FIGURE_RANKS]; /* share of articles that have the stem of this rank */
	double burst;            /* occurrences in an article that has the stem; of stems in 0.1 to 1 % */
	double forms;            /* written forms of a stem that 20 articles have or more */
	double headline_again;   /* share of headline words that the body says too */
	double capitals, numbers, quotations; /* of 100 words */
	double runs[FIGURE_RUNS];             /* share of runs that an earlier article has too */
};

void text_statistics_init(struct text_statistics *s);
void text_statistics_release(struct text_statistics *s);
void text_statistics_add(struct text_statistics *s, uint32_t headline, const struct tokens *tokens);
void text_statistics_figures(const struct text_statistics *s, struct figures *f);

#endif
