#include "text/url.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- names, as docs/FORMAT.md lists them; case does not matter ---- */

/* First labels of hosts that show the same pages in another dress. */
static const char *const doors[] = { "www.", "m.", "mobile.", "amp." };

/* Parameters that begin so. */
static const char *const tracking_prefixes[] = { "utm_", "mtm_", "pk_",  "hsa_",     "guce_",
						 "oly_", "soc_", "amp_", "elqtrack", "at_custom" };

static const char *const tracking[] = {
	/* clicks on advertisements and shared links, numbered by who sold or shows them */
	"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid",
	"ttclid", "igshid", "igsh", "li_fat_id", "mibextid", "rb_clickid", "tblci", "dicbo", "epik",
	/* campaigns and newsletters */
	"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "vero_id", "at_medium", "at_campaign", "wt.mc_id",
	"wt_mc", "xtor", "cmpid", "cmp", "ncid", "ocid", "ito", "smid", "smtyp", "emc", "icid", "intcid",
	"int_cmp", "spref", "sr_share", "feedtype", "feedname", "__twitter_impression",
	/* the place on a front page where it was clicked */
	"hp", "hpt", "intcmp", "pgtype", "wt.nav", "clicksource", "contentplacement", "contentcollection",
	"srnd", "rref", "mtrref", "csp",
	/* visits */
	"_ga", "_gl", "_r", "gwh", "gwt", "_openstat", "guccounter", "phpsessid", "jsessionid", "ref_src",
	"ref_url", "referrer", "referer",
	/* pages made for Google's cache */
	"usqp"
};

/* Parameters that tell where a reader came from if their value is one of these. */
static const char *const from_names[] = { "ref", "src", "source", "from", "via", "partner" };
static const char *const from_values[] = { "rss",    "feed",     "feeds",  "atom",     "twitter",
					   "tw",     "facebook", "fb",     "linkedin", "reddit",
					   "google", "whatsapp", "email",  "mail",     "newsletter",
					   "nl",     "share",    "social", "home",     "homepage",
					   "hp" };

/* Parameters that ask for the light page if their value is one of these. */
static const char *const amp_names[] = { "amp", "outputtype", "output" };
static const char *const amp_values[] = { "", "1", "true", "yes", "amp" };

static bool is_one_of(struct bytes s, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_is_nocase(s, names[i]))
			return true;
	return false;
}

static bool starts_nocase(struct bytes s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && bytes_is_nocase(bytes_of(s.p, n), prefix);
}

static bool ends_nocase(struct bytes s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && bytes_is_nocase(bytes_of(s.p + s.n - n, n), suffix);
}

static struct bytes without_first(struct bytes s, size_t n)
{
	return bytes_of(s.p + n, s.n - n);
}

/* Cut s at the first `mark`: returns what is before it, *after what is behind it. */
static struct bytes cut(struct bytes s, char mark, struct bytes *after)
{
	const uint8_t *at = s.n ? memchr(s.p, mark, s.n) : NULL;
	size_t n = at ? (size_t)(at - s.p) : s.n;

	*after = at ? without_first(s, n + 1) : BYTES_NONE;
	return bytes_of(s.p, n);
}

/* ---- spelling ---- */

static int hex_digit(uint8_t c)
{
	c = (uint8_t)ascii_lower((char)c);
	return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_unreserved(int c)
{
	return ascii_is_digit(c) || (ascii_lower((char)c) >= 'a' && ascii_lower((char)c) <= 'z') ||
	       (c && c < 0x80 && strchr("-._~", c));
}

/* Append s with the same characters escaped in the same way, however it escapes them. */
static void add_escaped(struct buf *out, struct bytes s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
		int c = low >= 0 ? high << 4 | low : s.p[i];

		i += low >= 0 ? 2 : 0;
		if (low >= 0 ? is_unreserved(c) : c > ' ' && c < 0x7F && c != '%')
			buf_add_byte(out, (uint8_t)c);
		else
			buf_addf(out, "%%%02X", (unsigned)c);
	}
}

static void add_lower(struct buf *out, struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_byte(out, (uint8_t)ascii_lower((char)s.p[i]));
}

/* ---- parts ---- */

/* Does it begin with a scheme, and which? RFC 3986, 3.1; "host:port" is none. */
static struct bytes scheme_of(struct bytes url)
{
	size_t n = 0;

	while (n < url.n && (is_unreserved(url.p[n]) || url.p[n] == '+') && url.p[n] != '_')
		n++;
	if (!n || n + 1 >= url.n || url.p[n] != ':' || ascii_is_digit(url.p[0]) ||
	    ascii_is_digit(url.p[n + 1]))
		return BYTES_NONE;
	return bytes_of(url.p, n);
}

/* A host without case, default port, dot at its end, and door. Empty if it is none. */
static struct bytes bare_host(struct bytes host)
{
	if (ends_nocase(host, ":80"))
		host.n -= 3;
	else if (ends_nocase(host, ":443"))
		host.n -= 4;
	while (host.n && host.p[host.n - 1] == '.')
		host.n--;
	for (size_t i = 0; i < COUNT(doors); i++) {
		size_t n = strlen(doors[i]);

		if (starts_nocase(host, doors[i]) && memchr(host.p + n, '.', host.n - n)) {
			host = without_first(host, n);
			i = (size_t)-1; /* there may be another one behind it */
		}
	}
	return host.n && memchr(host.p, '.', host.n) ? host : BYTES_NONE;
}

/* A page in one of Google's caches is the page whose address follows. Empty if it is none. */
static struct bytes cached_page(struct bytes host, struct bytes path)
{
	static const char *const in_cache[] = { "/c/s/", "/v/s/", "/c/", "/v/" };

	if (starts_nocase(host, "google.") && starts_nocase(path, "/amp/s/"))
		return without_first(path, strlen("/amp/s/"));
	for (size_t i = 0; ends_nocase(host, ".cdn.ampproject.org") && i < COUNT(in_cache); i++)
		if (starts_nocase(path, in_cache[i]))
			return without_first(path, strlen(in_cache[i]));
	return BYTES_NONE;
}

/* A path without session, slashes at its end, and what asks for the light page. */
static struct bytes bare_path(struct bytes path)
{
	static const char *const suffixes[] = { "/amp", "/amp.html", ".amp.html", ".amp" };
	size_t n;

	for (n = 0; n < path.n; n++)
		if (path.p[n] == ';' && starts_nocase(without_first(path, n), ";jsessionid="))
			path.n = n;
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		n = strlen(suffixes[i]);
		if (ends_nocase(path, suffixes[i]) && path.n > n + 1) {
			path.n -= n;
			break;
		}
	}
	if (starts_nocase(path, "/amp/"))
		path = without_first(path, strlen("/amp"));
	return path;
}

static bool is_tracking(struct bytes parameter)
{
	struct bytes value, name = cut(parameter, '=', &value);

	for (size_t i = 0; i < COUNT(tracking_prefixes); i++)
		if (starts_nocase(name, tracking_prefixes[i]))
			return true;
	return !name.n || is_one_of(name, tracking, COUNT(tracking)) ||
	       (is_one_of(name, from_names, COUNT(from_names)) &&
		is_one_of(value, from_values, COUNT(from_values))) ||
	       (is_one_of(name, amp_names, COUNT(amp_names)) &&
		is_one_of(value, amp_values, COUNT(amp_values)) && (value.n || bytes_is_nocase(name, "amp")));
}

/* Append what is left of a query, with its question mark. */
static void add_query(struct buf *out, struct bytes query)
{
	char mark = '?';

	while (query.n) {
		struct bytes parameter = cut(query, '&', &query);

		if (starts_nocase(parameter, "amp;")) /* an "&amp;" that was copied out of HTML */
			parameter = without_first(parameter, strlen("amp;"));
		if (is_tracking(parameter))
			continue;
		buf_add_byte(out, (uint8_t)mark);
		add_escaped(out, parameter);
		mark = '&';
	}
}

/* ---- all of it ---- */

/* Append the canonical form of an address on the web, which has no scheme any more. */
static void add_page(struct buf *out, struct bytes url)
{
	struct bytes fragment, query, host, path, page;

	url = cut(url, '#', &fragment);
	url = cut(url, '?', &query);
	host = cut(url, '/', &path);
	path = bytes_of(url.p + host.n, url.n - host.n);
	host = bare_host(host);
	page = cached_page(host, path);
	if (page.n) {
		host = bare_host(cut(page, '/', &path));
		path = bytes_of(path.n ? path.p - 1 : page.p, path.n ? path.n + 1 : 0);
	}
	if (!host.n)
		return;
	add_lower(out, host);
	page.n = out->n;
	add_escaped(out, bare_path(path));
	add_query(out, query);
	if (fragment.n && (fragment.p[0] == '!' || fragment.p[0] == '/')) { /* a page made by a script */
		buf_add_byte(out, '#');
		add_escaped(out, fragment);
	}
	if (out->n == page.n) /* the front page */
		buf_reset(out);
}

bool url_canonical(struct bytes url, struct buf *out)
{
	struct bytes scheme;

	buf_reset(out);
	url = bytes_trim(url);
	scheme = scheme_of(url);
	if (scheme.n && !bytes_is_nocase(scheme, "http") && !bytes_is_nocase(scheme, "https")) {
		add_lower(out, scheme);
		add_escaped(out, without_first(url, scheme.n));
		return true;
	}
	if (scheme.n)
		url = without_first(url, scheme.n + 1);
	if (starts_nocase(url, "//"))
		url = without_first(url, 2);
	add_page(out, url);
	return out->n > 0;
}

struct bytes url_host(struct bytes canonical)
{
	size_t n = 0;

	while (n < canonical.n && !strchr("/?#", canonical.p[n]))
		n++;
	canonical = bytes_of(canonical.p, n);
	return n && memchr(canonical.p, '.', n) && !scheme_of(canonical).n ? canonical : BYTES_NONE;
}
