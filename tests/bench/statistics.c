/* statistics - what the words of archives are like, made-up ones beside real ones.
 *
 *	statistics ARCHIVE...		archives that the indexer made
 */
#include "archive/archive.h"
#include "lib/text_statistics.h"

#include <stdio.h>
#include <stdlib.h>

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "statistics: %s\n", what);
	exit(1);
}

static void read_archive(const char *path, struct figures *f)
{
	struct range *furniture = NULL;
	struct tokens tokens = TOKENS_INIT;
	struct text_statistics s;
	struct catalog_article row;
	struct analyzer *analyzer;
	struct archive archive;
	size_t n, cap = 0;
	int got;
	struct err err;

	if (archive_open_read(&archive, path, &err) < 0 ||
	    !(analyzer = analyzer_new(buf_cstr(&archive.language), &err)))
		die(err.msg);
	text_statistics_init(&s);
	for (int64_t number = 1; (got = archive_article(&archive, number, &row, &err)) > 0; number++) {
		if (furniture_get(row.furniture, (int64_t)row.text.body.n, &furniture, &n, &cap) < 0)
			die("an article does not read");
		text_statistics_add(
			&s, analyze_article(analyzer, row.title, row.text.body, furniture, n, &tokens),
			&tokens);
	}
	if (got < 0)
		die(err.msg);
	text_statistics_figures(&s, f);
	text_statistics_release(&s);
	tokens_release(&tokens);
	free(furniture);
	analyzer_free(analyzer);
	archive_close(&archive);
}

static void print_row(const char *name, const struct figures *f, int n, size_t offset, double scale,
		      int decimals)
{
	printf("%-44s", name);
	for (int i = 0; i < n; i++) {
		double value;

		memcpy(&value, (const char *)&f[i] + offset, sizeof value);
		printf(" %12.*f", decimals, value * scale);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		size_t offset;
		double scale;
		int decimals;
	} rows[] = {
#define ROW(name, member, scale, decimals) { name, offsetof(struct figures, member), scale, decimals }
		ROW("articles", articles, 1, 0),
		ROW("words of an article, mean", words_mean, 1, 0),
		ROW("  median", words_median, 1, 0),
		ROW("  95th percentile", words_95, 1, 0),
		ROW("  99th percentile", words_99, 1, 0),
		ROW("words of a headline", per_headline, 1, 1),
		ROW("  that the body says too, %", headline_again, 100, 1),
		ROW("words of a sentence", per_sentence, 1, 1),
		ROW("words of a paragraph", per_paragraph, 1, 1),
		ROW("capitals, of 100 words", capitals, 1, 1),
		ROW("numbers, of 100 words", numbers, 1, 1),
		ROW("quotations begun, of 100 words", quotations, 1, 2),
		ROW("distinct stems", stems, 1, 0),
		ROW("  their growth (Heaps' exponent)", heaps, 1, 2),
		ROW("  in one article only, %", df_once, 100, 1),
		ROW("  slope from the 100th to the 10,000th (Zipf)", zipf, 1, 2),
		ROW("articles with the commonest stem, %", df[0], 100, 1),
		ROW("  with the 10th", df[1], 100, 1),
		ROW("  with the 100th", df[2], 100, 1),
		ROW("  with the 1,000th", df[3], 100, 2),
		ROW("  with the 10,000th", df[4], 100, 3),
		ROW("occurrences where a 0.1-1 % stem occurs", burst, 1, 2),
		ROW("forms of a stem in 20 articles or more", forms, 1, 2),
		ROW("runs that an earlier article has: 2 words, %", runs[0], 100, 1),
		ROW("  3 words", runs[1], 100, 1),
		ROW("  4 words", runs[2], 100, 1),
		ROW("  5 words", runs[3], 100, 1),
	};
	struct figures f[8];

	if (argc < 2 || argc > 9) {
		fputs("usage: statistics ARCHIVE...\n\nUp to eight, a column each.\n", stderr);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		read_archive(argv[i], &f[i - 1]);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		print_row(rows[i].name, f, argc - 1, rows[i].offset, rows[i].scale, rows[i].decimals);
	return 0;
}
