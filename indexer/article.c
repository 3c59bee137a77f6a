#include "article.h"

#include <stdlib.h>

#define RAW_BUFS(a)                                                                                          \
	{                                                                                                    \
		&(a)->id, &(a)->title, &(a)->date, &(a)->source, &(a)->author, &(a)->section, &(a)->url,     \
			&(a)->lang, &(a)->tags, &(a)->body                                                   \
	}
#define ARTICLE_BUFS(a)                                                                                      \
	{                                                                                                    \
		&(a)->key, &(a)->title, &(a)->body, &(a)->source, &(a)->author, &(a)->section, &(a)->url,    \
			&(a)->lang, &(a)->tags                                                               \
	}
#define COUNT(array) (sizeof(array) / sizeof *(array))

void raw_article_reset(struct raw_article *a)
{
	struct buf *all[] = RAW_BUFS(a);

	for (size_t i = 0; i < COUNT(all); i++)
		buf_reset(all[i]);
	a->first_line_is_title = false;
	a->offset = 0;
}

size_t raw_article_memory(const struct raw_article *a)
{
	const struct buf *all[] = RAW_BUFS(a);
	size_t sum = 0;

	for (size_t i = 0; i < COUNT(all); i++)
		sum += all[i]->cap;
	return sum;
}

void raw_article_release(struct raw_article *a)
{
	struct buf *all[] = RAW_BUFS(a);

	for (size_t i = 0; i < COUNT(all); i++)
		buf_release(all[i]);
}

void article_reset(struct article *a)
{
	struct buf *all[] = ARTICLE_BUFS(a);

	for (size_t i = 0; i < COUNT(all); i++)
		buf_reset(all[i]);
	a->nfurniture = 0;
	a->date = CIVIL_NONE;
	a->precision = 0;
	a->method = DATE_NOT_FOUND;
	a->offset = DATE_NO_ZONE;
	a->repairs = 0;
}

size_t article_memory(const struct article *a)
{
	const struct buf *all[] = ARTICLE_BUFS(a);
	size_t sum = a->furniture_cap * sizeof *a->furniture;

	for (size_t i = 0; i < COUNT(all); i++)
		sum += all[i]->cap;
	return sum;
}

void article_release(struct article *a)
{
	struct buf *all[] = ARTICLE_BUFS(a);

	for (size_t i = 0; i < COUNT(all); i++)
		buf_release(all[i]);
	free(a->furniture);
	a->furniture = NULL;
	a->furniture_cap = 0;
}
