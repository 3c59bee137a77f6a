#include "recognise.h"

#include "base/hash.h"

void recogniser_release(struct recogniser *r)
{
	buf_release(&r->url);
	buf_release(&r->other_url);
}

/* A URL without what does not name the page: fragment, trailing slash. */
static void canonical_url(struct bytes url, struct buf *out)
{
	const uint8_t *fragment = url.n ? memchr(url.p, '#', url.n) : NULL;

	if (fragment)
		url.n = (size_t)(fragment - url.p);
	while (url.n && url.p[url.n - 1] == '/')
		url.n--;
	buf_set(out, url);
}

static uint64_t content_hash(const struct article *a)
{
	uint8_t date[8];
	uint64_t hash = hash_add(HASH_START, buf_bytes(&a->title));

	store_le64(date, (uint64_t)a->date);
	hash = hash_add(hash, buf_bytes(&a->body));
	hash = hash_add(hash, buf_bytes(&a->source));
	return hash_add(hash, bytes_of(date, sizeof date));
}

static uint64_t identity_hash(const struct article *a, struct bytes url)
{
	uint8_t raw[8];

	if (a->key.n)
		return hash_add(hash_add(hash_bytes(bytes_str("id")), buf_bytes(&a->source)),
				buf_bytes(&a->key));
	if (url.n)
		return hash_add(hash_bytes(bytes_str("url")), url);
	store_le64(raw, content_hash(a));
	return hash_add(hash_bytes(bytes_str("text")), bytes_of(raw, sizeof raw));
}

/* Same title, text, date, source? */
static bool same_text(const struct article *a, const struct catalog_article *there)
{
	return there->date == a->date && bytes_equal(there->title, buf_bytes(&a->title)) &&
	       bytes_equal(there->source_name, buf_bytes(&a->source)) &&
	       bytes_equal(there->text.body, buf_bytes(&a->body));
}

/* Do id or URL say that it is the same article? */
static bool same_identity(struct recogniser *r, const struct article *a, const struct catalog_article *there)
{
	if (a->key.n || there->text.key.n)
		return bytes_equal(there->text.key, buf_bytes(&a->key)) &&
		       bytes_equal(there->source_name, buf_bytes(&a->source));
	canonical_url(there->text.url, &r->other_url);
	return r->url.n && bytes_equal(buf_bytes(&r->other_url), buf_bytes(&r->url));
}

int recognise(struct recogniser *r, struct archive *archive, const struct article *a, struct err *err)
{
	struct catalog_article there;
	int64_t after = 0;
	int got, rc, found = ARTICLE_NEW;

	canonical_url(buf_bytes(&a->url), &r->url);
	r->identity = (uint32_t)identity_hash(a, buf_bytes(&r->url));
	while ((got = catalog_find_identity(archive->catalog, r->identity, &after, &there, err)) > 0) {
		bool identity;

		if ((rc = text_loader_load(&archive->texts, &there, err)) < 0)
			return rc;
		identity = same_identity(r, a, &there);
		if ((identity || (!a->key.n && !r->url.n)) && same_text(a, &there))
			return ARTICLE_KNOWN;
		if (identity)
			found = ARTICLE_CHANGED;
	}
	return got < 0 ? got : found;
}
