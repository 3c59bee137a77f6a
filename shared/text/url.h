/* shared/text/url.h - what of an article's URL names the article.
 *
 * Shape   two URLs with one canonical form lead to the same article: what differs is how
 *         a reader came there (tracking parameters, fragment), by which door (http or
 *         https, www., m., amp.), or how it is spelled (case of the host, escapes, slash
 *         at the end). Whatever may tell two stories apart stays, in its order:
 *         "?id=1" and "?id=2" differ. The rules and names are in docs/FORMAT.md,
 *         "Canonical URLs": catalogs hold hashes of the result, so changing a rule
 *         changes the format.
 * Source  RFC 3986, section 6.2, for spelling.
 *
 *	http://WWW.Example.com:80/story/?utm_source=rss&id=1#top    example.com/story?id=1
 */
#ifndef MORGUE_URL_H
#define MORGUE_URL_H

#include "base/buf.h"

/* The canonical form into out (replaced). False, and out is empty, for what names no article:
 * a site's front page, an address without a host, no URL at all. */
bool url_canonical(struct bytes url, struct buf *out);

/* The host of a canonical form; empty for what has none (urn:...). */
struct bytes url_host(struct bytes canonical);

#endif
