/* shared/base/radix.h - what sorting numbers digit by digit has in common, whatever carries them.
 *
 *	for (i = 0; i < n; i++)
 *		at[digit(from[i])]++;
 *	radix_starts(at, digits);
 *	for (i = 0; i < n; i++)
 *		to[at[digit(from[i])]++] = from[i];
 */
#ifndef MORGUE_RADIX_H
#define MORGUE_RADIX_H

#include <stddef.h>
#include <stdint.h>

/* Of how many there are of each digit make where the first of each belongs. */
static inline void radix_starts(uint32_t *at, size_t digits)
{
	uint32_t sum = 0;

	for (size_t digit = 0; digit < digits; digit++) {
		uint32_t here = at[digit];

		at[digit] = sum;
		sum += here;
	}
}

/* Bits of the largest of n numbers that begin at 0; 0 if there is but one. */
static inline unsigned radix_width(uint32_t n)
{
	unsigned width = 0;

	while (width < 32 && (n - 1) >> width)
		width++;
	return width;
}

#endif
