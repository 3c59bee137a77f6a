#include "shelve.h"

#include "preset.h"

#define SAMPLE_ARTICLE ((size_t)64 << 10) /* bytes of one article that go into the sample */

int shelver_init(struct shelver *s, struct archive *archive, struct err *err)
{
	struct buf dictionary = BUF_INIT;
	int rc = catalog_newest_dictionary(archive->catalog, &dictionary, err);

	*s = (struct shelver){ .archive = archive, .trained = rc > 0 };
	if (rc == 0)
		rc = catalog_text_bytes(archive->catalog, &s->untrained, err);
	if (dictionary.n > DICTIONARY_MAX)
		rc = err_set(err, ERR_CORRUPT, "%s: catalog.db: the newest dictionary is damaged",
			     archive->path);
	if (rc >= 0)
		s->deflater = text_deflater_new(archive->store, buf_bytes(&dictionary));
	buf_release(&dictionary);
	return rc < 0 ? rc : 0;
}

void shelver_release(struct shelver *s)
{
	text_deflater_free(s->deflater);
	buf_release(&s->text);
	buf_release(&s->stream);
}

void shelve(struct shelver *s, const struct article *a, struct catalog_article *row)
{
	struct text_fields fields = {
		.key = buf_bytes(&a->key),
		.author = buf_bytes(&a->author),
		.section = buf_bytes(&a->section),
		.url = buf_bytes(&a->url),
		.lang = buf_bytes(&a->lang),
		.tags = buf_bytes(&a->tags),
		.body = buf_bytes(&a->body),
	};

	text_join(&fields, &s->text);
	text_deflate(s->deflater, buf_bytes(&s->text), &s->stream);
	row->size = (int64_t)s->text.n;
	row->stream = buf_bytes(&s->stream);
	s->untrained += row->size;
}

/* The first texts of the archive, up to SHELVE_SAMPLE bytes. */
static int gather_sample(struct shelver *s, struct buf *sample, struct err *err)
{
	const struct buf *text = &s->archive->texts.text;
	struct catalog_article row;
	int64_t after = 0;
	int got = 0;

	while (sample->n < SHELVE_SAMPLE &&
	       (got = catalog_next_article(s->archive->catalog, &after, &row, err)) > 0) {
		if ((got = text_loader_load(&s->archive->texts, &row, err)) < 0)
			break;
		buf_add(sample, text->p, text->n < SAMPLE_ARTICLE ? text->n : SAMPLE_ARTICLE);
	}
	return got < 0 ? got : 0;
}

static int deflate_anew(void *context, struct bytes stream, int64_t size, struct buf *out, struct err *err)
{
	struct shelver *s = context;
	struct bytes text;
	int rc = text_loader_inflate(&s->archive->texts, stream, size, "a text", &text, err);

	if (rc == 0)
		text_deflate(s->deflater, text, out);
	return rc;
}

/* Make the dictionary the archive's and the deflater's. */
static int adopt(struct shelver *s, struct bytes dictionary, int64_t seq, struct err *err)
{
	int rc = catalog_add_dictionary(s->archive->catalog, text_dictionary_id(dictionary), seq, dictionary,
					err);

	if (rc < 0)
		return rc;
	text_deflater_free(s->deflater);
	s->deflater = text_deflater_new(s->archive->store, dictionary);
	s->trained = true;
	return catalog_rewrite_texts(s->archive->catalog, deflate_anew, s, err);
}

int shelver_train(struct shelver *s, bool ending, int64_t seq, struct err *err)
{
	struct buf sample = BUF_INIT, dictionary = BUF_INIT;
	int rc;

	if (s->trained || s->untrained < (ending ? SHELVE_LEAST : SHELVE_SAMPLE))
		return 0;
	if ((rc = gather_sample(s, &sample, err)) == 0) {
		preset_train(buf_bytes(&sample), DICTIONARY_MAX, &dictionary);
		rc = adopt(s, buf_bytes(&dictionary), seq, err);
	}
	buf_release(&sample);
	buf_release(&dictionary);
	return rc;
}
