#include "arrival.h"

static size_t held(const struct arrival *a)
{
	return raw_article_memory(&a->record.raw) + article_memory(&a->article) + a->record.bytes.cap +
	       a->tokens.cap * sizeof *a->tokens.v + a->fields.cap + a->text.cap + a->frame.cap;
}

void arrival_trim(struct arrival *a, size_t most)
{
	if (held(a) > most)
		arrival_release(a);
}

void arrival_release(struct arrival *a)
{
	record_release(&a->record);
	article_release(&a->article);
	tokens_release(&a->tokens);
	buf_release(&a->name);
	buf_release(&a->fields);
	buf_release(&a->text);
	buf_release(&a->frame);
}
