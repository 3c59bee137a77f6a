/* query/output/diff_print.h - what changed from one text to another, for people.
 *
 * Shape   a line of output a line of text, marked in its first column: " " both have it, with
 *         DIFF_CONTEXT lines around what changed; "-" only the old one, "+" only the new one
 *         has it; "~" it is a line in which words changed, the old ones in [-...-], the new
 *         ones in {+...+}. "..." stands for lines that are left out.
 * Safety  the texts are safe to print, as print.h makes them.
 */
#ifndef MORGUE_DIFF_PRINT_H
#define MORGUE_DIFF_PRINT_H

#include "output/print.h"

#define DIFF_CONTEXT 2

void print_difference(struct printer *p, struct bytes old, struct bytes new);

#endif
