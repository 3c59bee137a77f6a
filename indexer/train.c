#define ZDICT_STATIC_LINKING_ONLY /* fast COVER with parameters of our own: docs/DECISIONS.md */

#include "train.h"

#include "base/mem.h"

#include <stdlib.h>
#include <zdict.h>
#include <zstd_errors.h>

#define TEXT_MOST    ((size_t)64 << 10)  /* bytes of one text that go into the sample */
#define FAST_MOST    ((size_t)112 << 10) /* bytes of a dictionary: every query that shows text reads it */
#define SMALL_MOST   ((size_t)256 << 10)
#define PART         32u /* of its sample; a larger one takes more than it saves */
#define STRETCH      80u /* bytes that are taken at a time */
#define STRING       8u  /* bytes; what occurs again is told by strings of this length */
#define TABLE_BITS   20u /* of the table of strings */
#define ACCELERATION 2u  /* every second string is counted */

void sample_add(struct sample *s, struct bytes text)
{
	size_t n = text.n < TEXT_MOST ? text.n : TEXT_MOST;

	MEM_GROW(s->sizes, s->cap, s->n + 1);
	s->sizes[s->n++] = n;
	buf_add(&s->bytes, text.p, n);
}

void sample_release(struct sample *s)
{
	buf_release(&s->bytes);
	free(s->sizes);
	*s = (struct sample){ .n = 0 };
}

void train_dictionary(const struct sample *s, enum text_store store, struct buf *out)
{
	const ZDICT_fastCover_params_t parameters = {
		.k = STRETCH, .d = STRING, .f = TABLE_BITS, .accel = ACCELERATION
	};
	size_t most = store == STORE_SMALL ? SMALL_MOST : FAST_MOST, n;

	if (s->bytes.n / PART < most)
		most = s->bytes.n / PART;
	buf_reset(out);
	n = ZDICT_trainFromBuffer_fastCover(buf_reserve(out, most), most, s->bytes.p, s->sizes,
					    (unsigned)s->n, parameters);
	if (ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation)
		mem_exhausted(s->bytes.n);
	if (ZDICT_isError(n))
		return;
	out->n = n;
	text_dictionary_set_name(out);
	out->p[n] = 0;
}
