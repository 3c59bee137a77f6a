#include "arrival.h"

#include "text/fields.h"

void arrival_analyze(struct arrival *a, struct analyzer *analyzer)
{
	const struct article *from = &a->article;

	if (a->analyzed)
		return;
	a->headline = analyze_article(analyzer, buf_bytes(&from->title), buf_bytes(&from->body),
				      from->furniture, from->nfurniture, &a->tokens);
	field_terms(&(struct field_values){ .author = buf_bytes(&from->author),
					    .section = buf_bytes(&from->section),
					    .lang = buf_bytes(&from->lang),
					    .url = buf_bytes(&from->url),
					    .tags = buf_bytes(&from->tags),
					    .id = buf_bytes(&from->key) },
		    &a->fields);
	a->analyzed = true;
}

void arrival_release(struct arrival *a)
{
	article_release(&a->article);
	tokens_release(&a->tokens);
	buf_release(&a->fields);
}
