#include "prepare.h"

#include "base/trace.h"
#include "text/fields.h"

int preparer_init(struct preparer *p, const char *language, size_t memory, struct err *err)
{
	*p = (struct preparer){ .compressor = text_compressor_new() };
	extractor_init(&p->extractor);
	p->analyzer = analyzer_new(language, err);
	if (!p->analyzer)
		return ERR_USAGE;
	analyzer_limit(p->analyzer, memory);
	return 0;
}

void preparer_release(struct preparer *p)
{
	analyzer_free(p->analyzer);
	extractor_release(&p->extractor);
	text_compressor_free(p->compressor);
	buf_release(&p->scratch);
}

void prepare_article(struct preparer *p, struct arrival *a)
{
	bool named = a->record.format == &format_text && strcmp(a->path, "-");
	int rc;

	if (a->stage != ARRIVAL_READ)
		return;
	trace_phase(TRACE_READ);
	rc = record_parse(&a->record, &p->scratch, &a->err);
	trace_add(rc == 0, 0);
	trace_phase(TRACE_EXTRACT);
	trace_add(rc == 0, 0);
	if (rc == 0)
		rc = extract(&p->extractor, &a->record.raw, named ? buf_cstr(&a->name) : NULL, &a->article,
			     &a->err);
	a->stage = rc == 0 ? ARRIVAL_EXTRACTED : ARRIVAL_REJECTED;
	a->whole_file = false;
}

static void analyze(struct preparer *p, struct arrival *a)
{
	const struct article *from = &a->article;

	trace_phase(TRACE_ANALYZE);
	trace_add(1, from->title.n + from->body.n);
	a->headline = analyze_article(p->analyzer, buf_bytes(&from->title), buf_bytes(&from->body),
				      from->furniture, from->nfurniture, &a->tokens);
	field_terms(&(struct field_values){ .author = buf_bytes(&from->author),
					    .section = buf_bytes(&from->section),
					    .lang = buf_bytes(&from->lang),
					    .url = buf_bytes(&from->url),
					    .tags = buf_bytes(&from->tags),
					    .id = buf_bytes(&from->key) },
		    &a->fields);
}

static void join(struct arrival *a)
{
	const struct article *from = &a->article;
	const struct text_fields fields = {
		.key = buf_bytes(&from->key),
		.author = buf_bytes(&from->author),
		.section = buf_bytes(&from->section),
		.url = buf_bytes(&from->url),
		.lang = buf_bytes(&from->lang),
		.tags = buf_bytes(&from->tags),
		.body = buf_bytes(&from->body),
	};

	text_join(&fields, &a->text);
}

static void compress(struct preparer *p, struct arrival *a, const struct storing *storing)
{
	trace_phase(TRACE_COMPRESS);
	text_compress(p->compressor, storing->way, buf_bytes(&a->text), &a->frame);
	a->generation = storing->generation;
	trace_add(1, a->frame.n);
}

void prepare_rest(struct preparer *p, struct arrival *a, const struct storing *storing)
{
	if (a->stage == ARRIVAL_EXTRACTED) {
		analyze(p, a);
		join(a);
	}
	if (a->stage == ARRIVAL_EXTRACTED || a->generation != storing->generation)
		compress(p, a, storing);
	a->stage = ARRIVAL_PREPARED;
}
