#include "lib/any_dictionary.h"

#include "archive/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <zdict.h>

#define TABLES_MOST 4096 /* bytes that stand before the content, at most */

void any_dictionary(struct bytes content, struct buf *out)
{
	const ZDICT_params_t parameters = { .compressionLevel = 3 };
	size_t most = content.n + TABLES_MOST, n;

	buf_reset(out);
	n = ZDICT_finalizeDictionary(buf_reserve(out, most), most, content.p, content.n, content.p,
				     &content.n, 1, parameters);
	if (ZDICT_isError(n))
		fail_msg("a dictionary of %zu bytes: %s", content.n, ZDICT_getErrorName(n));
	out->n = n;
	text_dictionary_set_name(out);
}
