/* query/caret.h - a question with a mark under the place that is wrong. */
#ifndef MORGUE_CARET_H
#define MORGUE_CARET_H

#include "base/buf.h"

#define CARET_COLUMNS 76u /* of a line; a longer question is cut around the place */

/* Append two lines, safe to print, the first without a line end before it:
 *
 *	  merger w/x block
 *	         ^~~
 *
 * `place` is a piece of `text`; an empty one is marked by one caret. */
void caret_print(struct buf *out, struct bytes text, struct bytes place);

#endif
