/* shared/archive/bodies.h - article texts, deflated one by one (zlib streams).
 *
 * Cost    inflate: 13 to 15 us an article. One article is one stream, so that a
 *         hit costs one small inflate.
 */
#ifndef MORGUE_BODIES_H
#define MORGUE_BODIES_H

#include "base/buf.h"
#include "base/err.h"

#define BODY_MAX (64u << 20) /* bytes of one article's text; longer input is rejected */

struct body_deflater;

struct body_deflater *body_deflater_new(void);
void body_deflater_free(struct body_deflater *d);                               /* NULL is fine */
void body_deflate(struct body_deflater *d, struct bytes text, struct buf *out); /* out is replaced */

/* Inflate a stream of exactly `size` <= BODY_MAX bytes into out (replaced). 0 or ERR_CORRUPT. */
int body_inflate(struct bytes stream, uint64_t size, struct buf *out);

#endif
