/* tests/lib/any_dictionary.h - a dictionary of a content of the test's choice, where training one
 * would take a megabyte of text.
 */
#ifndef MORGUE_ANY_DICTIONARY_H
#define MORGUE_ANY_DICTIONARY_H

#include "base/buf.h"

/* Of 8 bytes or more, into out (replaced); with its name. A failure is a failed assertion. */
void any_dictionary(struct bytes content, struct buf *out);

#endif
