#include "recognise.h"

#include "base/hash.h"
#include "text/url.h"

void recogniser_release(struct recogniser *r)
{
	buf_release(&r->url);
	buf_release(&r->other_url);
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

uint32_t recogniser_text(const struct catalog_article *row)
{
	return (uint32_t)content_hash(row->title, row->text.body, row->source_name, row->date);
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

	return named ? name_hash(row->text.key, row->source_name, buf_bytes(&r->url)) : recogniser_text(row);
}

/* Same title, text, date, source? */
static bool same_text(const struct article *a, const struct catalog_article *there)
{
	return there->date == a->date && bytes_equal(there->title, buf_bytes(&a->title)) &&
	       bytes_equal(there->source_name, buf_bytes(&a->source)) &&
	       bytes_equal(there->text.body, buf_bytes(&a->body));
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
static int was_there(struct archive *archive, const struct article *a, int64_t number, struct err *err)
{
	struct catalog_article older;
	int64_t after = 0;
	int got = catalog_has_identity(archive->catalog, (uint32_t)text_hash(a), number, err), rc;

	if (got <= 0)
		return got;
	while ((got = catalog_next_revision(archive->catalog, number, &after, &older, err)) > 0) {
		if ((rc = text_loader_load(&archive->texts, &older, err)) < 0)
			return rc;
		if (same_text(a, &older))
			return 1;
	}
	return got;
}

static void note_changed(struct recognised_article *changed, const struct catalog_article *there)
{
	changed->number = there->number;
	changed->revision = there->revision;
	changed->story = there->story;
	changed->text =
		(uint32_t)content_hash(there->title, there->text.body, there->source_name, there->date);
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
		identity = same_identity(r, a, &there);
		if ((identity || !named) && same_text(a, &there))
			return ARTICLE_KNOWN;
		if (!identity)
			continue;
		found = ARTICLE_CHANGED;
		note_changed(&r->changed, &there);
		if ((rc = was_there(archive, a, r->changed.number, err)) != 0)
			return rc < 0 ? rc : ARTICLE_KNOWN;
	}
	return got < 0 ? got : found;
}
