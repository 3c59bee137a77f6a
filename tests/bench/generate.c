/* generate - made-up news as JSON lines on standard output: generate ARTICLES [SEED]. */
#include "lib/random_news.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct news_options options = {
		.lemmas = 60000, .words = 350, .oddities = 200, .furniture = 20, .undated = 50
	};
	unsigned long long n = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	struct random_news *random;
	struct news news = { .furniture = NULL };
	struct buf line = BUF_INIT;

	if (!n) {
		fputs("usage: generate ARTICLES [SEED]\n", stderr);
		return 2;
	}
	random = random_news_new(argc > 2 ? strtoull(argv[2], NULL, 10) : 1, &options);
	for (unsigned long long id = 1; id <= n; id++) {
		random_news_next(random, &news);
		buf_reset(&line);
		news_json(&news, id, &line);
		if (fwrite(line.p, 1, line.n, stdout) != line.n)
			return 1;
	}
	news_release(&news);
	random_news_free(random);
	buf_release(&line);
	return fflush(stdout) == 0 ? 0 : 1;
}
