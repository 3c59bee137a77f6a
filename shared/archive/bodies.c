#include "archive/bodies.h"

#include "base/mem.h"

#include <stdlib.h>
#include <zlib.h>

/* zlib's default; docs/DECISIONS.md has sizes and speeds of the levels. */
#define LEVEL 6

struct body_deflater {
	z_stream z;
};

struct body_deflater *body_deflater_new(void)
{
	struct body_deflater *d = mem_zalloc(1, sizeof *d);

	if (deflateInit(&d->z, LEVEL) != Z_OK)
		mem_exhausted(sizeof *d);
	return d;
}

void body_deflater_free(struct body_deflater *d)
{
	if (!d)
		return;
	deflateEnd(&d->z);
	free(d);
}

void body_deflate(struct body_deflater *d, struct bytes text, struct buf *out)
{
	size_t bound = deflateBound(&d->z, text.n);

	buf_reset(out);
	deflateReset(&d->z);
	d->z.next_in = (Bytef *)(uintptr_t)text.p;
	d->z.avail_in = (uInt)text.n;
	d->z.next_out = buf_reserve(out, bound);
	d->z.avail_out = (uInt)bound;
	deflate(&d->z, Z_FINISH); /* cannot fail: the bound is enough */
	out->n = bound - d->z.avail_out;
}

int body_inflate(struct bytes stream, uint64_t size, struct buf *out)
{
	uLongf got = size;
	int rc;

	buf_reset(out);
	if (size > BODY_MAX)
		return ERR_CORRUPT;
	rc = uncompress(buf_reserve(out, size), &got, stream.p, stream.n);
	if (rc == Z_MEM_ERROR)
		mem_exhausted(size);
	if (rc != Z_OK || got != size)
		return ERR_CORRUPT;
	out->n = size;
	out->p[size] = 0;
	return 0;
}
