#include "arrival.h"

void arrival_analyze(struct arrival *a, struct analyzer *analyzer)
{
	const struct article *from = &a->article;

	if (a->analyzed)
		return;
	a->headline = analyze_article(analyzer, buf_bytes(&from->title), buf_bytes(&from->body),
				      from->furniture, from->nfurniture, &a->tokens);
	a->analyzed = true;
}

void arrival_release(struct arrival *a)
{
	article_release(&a->article);
	tokens_release(&a->tokens);
}
