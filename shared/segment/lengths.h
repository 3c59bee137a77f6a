/* shared/segment/lengths.h - an article's length in words as one byte.
 *
 * Shape   codes 0..48 are exact; from there each code is 1/32 (about 3 %) above
 *         the one before, so that 255 stands for 29,053 words and more.
 * Cost    a table look-up; the table is filled by the recurrence at first use.
 */
#ifndef MORGUE_LENGTHS_H
#define MORGUE_LENGTHS_H

#include <stdint.h>

uint8_t length_code(uint32_t words);   /* the largest code that stands for at most `words` */
uint32_t length_of_code(uint8_t code); /* the words it stands for */
const uint32_t *length_table(void);    /* those of all 256 codes */

#endif
