#include "recognise.h"

#include "base/hash.h"
#include "text/url.h"

#include <stdlib.h>

void recogniser_release(struct recogniser *r)
{
	buf_release(&r->url);
	buf_release(&r->other_url);
	buf_release(&r->lines);
	buf_release(&r->there);
	free(r->furniture);
	r->furniture = NULL;
	r->furniture_cap = 0;
}

static uint64_t content_hash(struct bytes title, struct bytes body, struct bytes source, int64_t date)
{
	uint8_t raw[8];
	uint64_t hash = hash_add(HASH_START, title);

	store_le64(raw, (uint64_t)date);
	hash = hash_add(hash, body);
	hash = hash_add(hash, source);
	store_le64(raw, hash_add(hash, bytes_of(raw, sizeof raw)));
	return hash_add(hash_bytes(bytes_str("text")), bytes_of(raw, sizeof raw));
}

static uint64_t text_hash(const struct article *a)
{
	return content_hash(buf_bytes(&a->title), buf_bytes(&a->body), buf_bytes(&a->source), a->date);
}

/* The lines of a body that are searched, without the blank ones: two bodies that differ in page furniture alone
 * have the same. */
static void living_lines(struct bytes body, const struct range *furniture, size_t n, struct buf *out)
{
	size_t at = 0;

	buf_reset(out);
	for (size_t i = 0; body.n && i <= n; i++) {
		struct bytes part = bytes_of(body.p + at, (i < n ? furniture[i].start : body.n) - at), line;

		while (bytes_line(&part, &line))
			if ((line = bytes_trim(line)).n) {
				buf_add_bytes(out, line);
				buf_add_byte(out, '\n');
			}
		at = i < n ? furniture[i].end : at;
	}
}

/* Those of an article in the archive, into r->there; furniture that is damaged hides nothing. */
static struct bytes lines_there(struct recogniser *r, const struct catalog_article *row)
{
	size_t n;

	if (furniture_get(row->furniture, (int64_t)row->text.body.n, &r->furniture, &n, &r->furniture_cap) <
	    0)
		n = 0;
	living_lines(row->text.body, r->furniture, n, &r->there);
	return buf_bytes(&r->there);
}

static uint32_t older_hash(struct bytes title, struct bytes lines, struct bytes source, int64_t date)
{
	uint8_t raw[8];

	store_le64(raw, content_hash(title, lines, source, date));
	return (uint32_t)hash_add(hash_bytes(bytes_str("older")), bytes_of(raw, sizeof raw));
}

uint32_t recogniser_older(struct recogniser *r, const struct catalog_article *row)
{
	return older_hash(row->title, lines_there(r, row), row->source_name, row->date);
}

/* Where a key is unique: in its source, else in the site of its URL; empty where nobody knows. */
static struct bytes key_scope(struct bytes source, struct bytes url)
{
	return source.n ? source : url_host(url);
}

/* Of an article with a key or a canonical URL. */
static uint32_t name_hash(struct bytes key, struct bytes source, struct bytes url)
{
	if (key.n)
		return (uint32_t)hash_add(hash_add(hash_bytes(bytes_str("id")), key_scope(source, url)), key);
	return (uint32_t)hash_add(hash_bytes(bytes_str("url")), url);
}

uint32_t recogniser_identity(struct recogniser *r, const struct catalog_article *row)
{
	bool named = url_canonical(row->text.url, &r->url) || row->text.key.n;

	return named ? name_hash(row->text.key, row->source_name, buf_bytes(&r->url))
		     : (uint32_t)content_hash(row->title, row->text.body, row->source_name, row->date);
}

/* Same title, date, source, and same text but for page furniture? */
static bool same_text(struct recogniser *r, const struct article *a, const struct catalog_article *there)
{
	return there->date == a->date && bytes_equal(there->title, buf_bytes(&a->title)) &&
	       bytes_equal(there->source_name, buf_bytes(&a->source)) &&
	       (bytes_equal(there->text.body, buf_bytes(&a->body)) ||
		bytes_equal(lines_there(r, there), buf_bytes(&r->lines)));
}

/* A key that is unique in nothing that is known may be any other collection's: headline or
 * date must bear it out. */
static bool is_borne_out(const struct article *a, const struct catalog_article *there)
{
	return (a->title.n && bytes_equal(there->title, buf_bytes(&a->title))) ||
	       (a->date != CIVIL_NONE && there->date == a->date);
}

/* Do id or URL say that it is the same article? */
static bool same_identity(struct recogniser *r, const struct article *a, const struct catalog_article *there)
{
	struct bytes url = buf_bytes(&r->url), scope;

	url_canonical(there->text.url, &r->other_url);
	if (!a->key.n && !there->text.key.n)
		return url.n && bytes_equal(buf_bytes(&r->other_url), url);
	scope = key_scope(buf_bytes(&a->source), url);
	return bytes_equal(there->text.key, buf_bytes(&a->key)) &&
	       bytes_equal(key_scope(there->source_name, buf_bytes(&r->other_url)), scope) &&
	       (scope.n || is_borne_out(a, there));
}

/* Is the text one that the article had before? 1 yes, 0 no. */
static int was_there(struct recogniser *r, struct archive *archive, const struct article *a, int64_t number,
		     struct err *err)
{
	uint32_t hash =
		older_hash(buf_bytes(&a->title), buf_bytes(&r->lines), buf_bytes(&a->source), a->date);
	struct catalog_article older;
	int64_t after = 0;
	int got = catalog_has_identity(archive->catalog, hash, number, err), rc;

	if (got <= 0)
		return got;
	while ((got = catalog_next_revision(archive->catalog, number, &after, &older, err)) > 0) {
		if ((rc = text_loader_load(&archive->texts, &older, err)) < 0)
			return rc;
		if (same_text(r, a, &older))
			return 1;
	}
	return got;
}

static void note_changed(struct recogniser *r, const struct catalog_article *there)
{
	r->changed = (struct recognised_article){ .number = there->number,
						  .revision = there->revision,
						  .story = there->story,
						  .text = recogniser_older(r, there) };
}

int recognise(struct recogniser *r, struct archive *archive, const struct article *a, struct err *err)
{
	struct catalog_article there;
	int64_t after = 0;
	int got, rc, found = ARTICLE_NEW;
	bool named;

	named = url_canonical(buf_bytes(&a->url), &r->url) || a->key.n;
	r->identity = named ? name_hash(buf_bytes(&a->key), buf_bytes(&a->source), buf_bytes(&r->url))
			    : (uint32_t)text_hash(a);
	while ((got = catalog_find_identity(archive->catalog, r->identity, &after, &there, err)) > 0) {
		bool identity;

		if ((rc = text_loader_load(&archive->texts, &there, err)) < 0)
			return rc;
		living_lines(buf_bytes(&a->body), a->furniture, a->nfurniture, &r->lines);
		identity = same_identity(r, a, &there);
		if ((identity || !named) && same_text(r, a, &there))
			return ARTICLE_KNOWN;
		if (!identity)
			continue;
		found = ARTICLE_CHANGED;
		note_changed(r, &there);
		if ((rc = was_there(r, archive, a, r->changed.number, err)) != 0)
			return rc < 0 ? rc : ARTICLE_KNOWN;
	}
	return got < 0 ? got : found;
}
