#include "shelve.h"

#include "preset.h"

#define SAMPLE_ARTICLE ((size_t)64 << 10) /* bytes of one article that go into the sample */

int shelver_init(struct shelver *s, struct archive *archive, struct err *err)
{
	int rc;

	*s = (struct shelver){ .archive = archive };
	rc = catalog_newest_dictionary(archive->catalog, &s->bytes, err);
	s->trained = rc > 0;
	s->dictionary.bytes = buf_bytes(&s->bytes);
	if (rc == 0)
		rc = catalog_text_bytes(archive->catalog, &s->untrained, err);
	if (s->bytes.n > DICTIONARY_MAX)
		rc = err_set(err, ERR_CORRUPT, "%s: catalog.db: the newest dictionary is damaged",
			     archive->path);
	return rc < 0 ? rc : 0;
}

void shelver_release(struct shelver *s)
{
	text_deflater_free(s->deflater);
	buf_release(&s->bytes);
}

/* The first texts of the archive, up to SHELVE_SAMPLE bytes. */
static int gather_sample(struct archive *a, struct buf *sample, struct err *err)
{
	const struct buf *text = &a->texts.text;
	struct catalog_article row;
	int64_t after = 0;
	int got = 0;

	while (sample->n < SHELVE_SAMPLE && (got = catalog_next_article(a->catalog, &after, &row, err)) > 0) {
		if ((got = text_loader_load(&a->texts, &row, err)) < 0)
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

/* Make the dictionary in s->bytes the archive's. */
static int adopt(struct shelver *s, int64_t seq, struct err *err)
{
	struct bytes bytes = buf_bytes(&s->bytes);
	int rc = catalog_add_dictionary(s->archive->catalog, text_dictionary_id(bytes), seq, bytes, err);

	if (rc < 0)
		return rc;
	s->dictionary.bytes = bytes;
	s->dictionary.generation++;
	s->trained = true;
	s->deflater = text_deflater_new(s->archive->store, bytes);
	return catalog_rewrite_texts(s->archive->catalog, deflate_anew, s, err);
}

int shelve_dictionary(struct archive *archive, struct buf *dictionary, struct err *err)
{
	struct buf sample = BUF_INIT;
	int rc = gather_sample(archive, &sample, err);

	buf_reset(dictionary);
	if (rc == 0)
		preset_train(buf_bytes(&sample), DICTIONARY_MAX, dictionary);
	buf_release(&sample);
	return rc;
}

static int train(struct shelver *s, int64_t seq, struct err *err)
{
	int rc = shelve_dictionary(s->archive, &s->bytes, err);

	return rc < 0 ? rc : adopt(s, seq, err);
}

int shelver_stored(struct shelver *s, int64_t size, int64_t seq, struct err *err)
{
	s->untrained += size;
	return s->trained || s->untrained < SHELVE_SAMPLE ? 0 : train(s, seq, err);
}

int shelver_ending(struct shelver *s, int64_t seq, struct err *err)
{
	return s->trained || s->untrained < SHELVE_LEAST ? 0 : train(s, seq, err);
}
