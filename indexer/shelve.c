#include "shelve.h"

#include "frames.h"

int shelver_init(struct shelver *s, struct archive *archive, struct err *err)
{
	struct buf dictionary = BUF_INIT;
	int rc;

	*s = (struct shelver){ .archive = archive };
	if ((rc = catalog_newest_dictionary(archive->catalog, &dictionary, err)) == 0) {
		s->plain = text_way_new(archive->store, BYTES_NONE);
		rc = catalog_text_bytes(archive->catalog, &s->untrained, err);
		s->earlier = s->untrained > 0;
	} else if (rc > 0 && text_dictionary_check(buf_bytes(&dictionary)) == 0) {
		s->trained = text_way_new(archive->store, buf_bytes(&dictionary));
	} else if (rc > 0) {
		rc = err_set(err, ERR_CORRUPT, "%s: catalog.db: the newest dictionary is damaged",
			     archive->path);
	}
	s->storing.way = s->trained ? s->trained : s->plain;
	buf_release(&dictionary);
	return rc < 0 ? rc : 0;
}

void shelver_release(struct shelver *s)
{
	text_compressor_free(s->compressor);
	text_way_free(s->plain);
	text_way_free(s->trained);
	sample_release(&s->sample);
}

/* The first texts of the archive, up to SHELVE_SAMPLE bytes. */
static int gather_sample(struct archive *a, struct sample *sample, struct err *err)
{
	struct catalog_article row;
	int64_t after = 0;
	int got = 0;

	while (sample->bytes.n < SHELVE_SAMPLE &&
	       (got = catalog_next_article(a->catalog, &after, &row, err)) > 0) {
		if ((got = text_loader_load(&a->texts, &row, err)) < 0)
			break;
		sample_add(sample, buf_bytes(&a->texts.text));
	}
	return got < 0 ? got : 0;
}

struct anew {
	struct shelver *shelver;
	struct frames frames; /* of the texts that the dictionary was trained on */
};

static int compress_anew(void *context, struct bytes frame, int64_t size, struct buf *out, struct err *err)
{
	struct anew *anew = context;
	struct shelver *s = anew->shelver;
	struct bytes text, done;
	int rc = text_loader_decompress(&s->archive->texts, frame, size, "a text", &text, err);

	if (rc < 0)
		return rc;
	if (frames_next(&anew->frames, text, &done))
		buf_set(out, done);
	else
		text_compress(s->compressor, s->trained, text, out);
	return 0;
}

/* Make the dictionary the archive's. */
static int adopt(struct shelver *s, struct bytes dictionary, int64_t seq, struct err *err)
{
	struct anew anew = { .shelver = s };
	int rc = catalog_add_dictionary(s->archive->catalog, text_dictionary_name(dictionary), seq,
					dictionary, err);

	if (rc < 0)
		return rc;
	s->trained = text_way_new(s->archive->store, dictionary);
	s->storing.way = s->trained;
	s->storing.generation++;
	s->compressor = text_compressor_new();
	frames_compress(&anew.frames, &s->sample, s->trained, s->jobs);
	rc = catalog_rewrite_texts(s->archive->catalog, compress_anew, &anew, err);
	frames_release(&anew.frames);
	return rc;
}

int shelve_dictionary(struct archive *archive, struct buf *dictionary, struct err *err)
{
	struct sample sample = { .n = 0 };
	int rc = gather_sample(archive, &sample, err);

	buf_reset(dictionary);
	if (rc == 0)
		train_dictionary(&sample, archive->store, dictionary);
	sample_release(&sample);
	return rc;
}

/* Train on what has been stored: as it came by, if that is all there is. */
static int train(struct shelver *s, int64_t seq, struct err *err)
{
	struct buf dictionary = BUF_INIT;
	int rc = 0;

	if (s->earlier)
		rc = gather_sample(s->archive, &s->sample, err);
	s->untrained = 0;
	s->earlier = true;
	if (rc == 0)
		train_dictionary(&s->sample, s->archive->store, &dictionary);
	if (rc == 0 && dictionary.n)
		rc = adopt(s, buf_bytes(&dictionary), seq, err);
	sample_release(&s->sample);
	buf_release(&dictionary);
	return rc;
}

int shelver_stored(struct shelver *s, struct bytes text, int64_t seq, struct err *err)
{
	if (s->trained)
		return 0;
	s->untrained += (int64_t)text.n;
	if (!s->earlier)
		sample_add(&s->sample, text);
	return s->untrained < SHELVE_SAMPLE ? 0 : train(s, seq, err);
}

int shelver_ending(struct shelver *s, int64_t seq, struct err *err)
{
	return s->trained || s->untrained < SHELVE_LEAST ? 0 : train(s, seq, err);
}
