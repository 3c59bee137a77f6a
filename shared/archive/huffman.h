/* shared/archive/huffman.h - codes of minimum redundancy, of bounded length, for deflate.
 *
 * Source  lengths: Moffat and Katajainen, In-place calculation of minimum-redundancy
 *         codes, WADS 1995; codes of a length in order of symbols, bits turned around,
 *         as RFC 1951 sections 3.1.1 and 3.2.2 want them.
 * Cost    linear in the symbols that are used.
 */
#ifndef MORGUE_HUFFMAN_H
#define MORGUE_HUFFMAN_H

#include <stdint.h>

#define HUFFMAN_SYMBOLS 288u /* at most */
#define HUFFMAN_LONGEST 15u  /* bits of a code, at most */

/* The length of each symbol's code, 0 for one that does not occur, at most `longest` bits.
 * At least two symbols get a code, for a decoder wants a complete one. Counts are below
 * 2^16 each, and so is n codes of `longest` bits enough for n symbols. */
void huffman_lengths(const uint32_t *counts, unsigned n, unsigned longest, uint8_t *lengths);

/* The codes that these lengths mean, first bit lowest; those of length 0 are left alone. */
void huffman_codes(const uint8_t *lengths, unsigned n, uint16_t *codes);

#endif
