#include "archive/huffman.h"

#include <string.h>

struct leaf {
	uint16_t count, symbol;
};

/* Sort by rising count, equal ones by symbol: twice by a byte of the count, or once if the
 * second byte is 0 in all. */
static void sort_leaves(struct leaf *leaves, unsigned n, unsigned most)
{
	struct leaf other[HUFFMAN_SYMBOLS];

	for (unsigned shift = 0; shift < 16 && most >> shift; shift += 8) {
		unsigned at[256] = { 0 }, sum = 0;

		for (unsigned i = 0; i < n; i++)
			at[leaves[i].count >> shift & 0xFF]++;
		for (unsigned i = 0; i < 256; i++) {
			unsigned here = at[i];

			at[i] = sum;
			sum += here;
		}
		for (unsigned i = 0; i < n; i++)
			other[at[leaves[i].count >> shift & 0xFF]++] = leaves[i];
		memcpy(leaves, other, n * sizeof *leaves);
	}
}

/* Join the two lightest trees until one is left. a[i]: weight of the i-th leaf, rising; then
 * of the i-th tree made; then the number of the tree that it went into. */
static void join_trees(uint32_t *a, unsigned n)
{
	unsigned tree = 0, leaf = 0;

	for (unsigned made = 0; made < n - 1; made++) {
		uint32_t weight = 0;

		for (int half = 0; half < 2; half++) {
			if (leaf >= n || (tree < made && a[tree] < a[leaf])) {
				weight += a[tree];
				a[tree++] = made;
			} else {
				weight += a[leaf++];
			}
		}
		a[made] = weight;
	}
}

/* What join_trees left, to the number of leaves at each depth. */
static void count_depths(uint32_t *a, unsigned n, unsigned *at_depth, unsigned longest)
{
	unsigned trees = 1, depth = 0, i = n - 1; /* trees from i on are at a depth known already */

	a[n - 2] = 0;
	for (unsigned tree = n - 2; tree-- > 0;)
		a[tree] = a[a[tree]] + 1;
	for (; trees; depth++) { /* of the places at this depth those that are no trees are leaves */
		unsigned inner = 0, leaves;

		while (i > 0 && a[i - 1] == depth) {
			inner++;
			i--;
		}
		leaves = trees - inner;
		at_depth[depth < longest ? depth : longest] += leaves;
		trees = 2 * inner;
	}
}

/* Where leaves were lifted to the longest length there are too many: lower others. */
static void mend_depths(unsigned *at_depth, unsigned longest)
{
	uint32_t used = 0;

	for (unsigned i = 1; i <= longest; i++)
		used += at_depth[i] << (longest - i);
	for (; used > 1u << longest; used--) {
		unsigned i = longest - 1;

		while (!at_depth[i])
			i--;
		at_depth[longest]--;
		at_depth[i]--;
		at_depth[i + 1] += 2;
	}
}

void huffman_lengths(const uint32_t *counts, unsigned n, unsigned longest, uint8_t *lengths)
{
	unsigned at_depth[HUFFMAN_LONGEST + 1] = { 0 }, used = 0, most = 1;
	struct leaf leaves[HUFFMAN_SYMBOLS];
	uint32_t a[HUFFMAN_SYMBOLS];

	memset(lengths, 0, n);
	for (unsigned i = 0; i < n; i++) {
		if (!counts[i])
			continue;
		leaves[used++] = (struct leaf){ (uint16_t)counts[i], (uint16_t)i };
		most = counts[i] > most ? counts[i] : most;
	}
	for (unsigned i = 0; used < 2; i++) /* only one symbol, or none */
		if (!used || leaves[0].symbol != i)
			leaves[used++] = (struct leaf){ 1, (uint16_t)i };
	sort_leaves(leaves, used, most);
	for (unsigned i = 0; i < used; i++)
		a[i] = leaves[i].count;
	join_trees(a, used);
	count_depths(a, used, at_depth, longest);
	mend_depths(at_depth, longest);
	for (unsigned length = 1; length <= longest; length++)
		for (unsigned i = 0; i < at_depth[length]; i++)
			lengths[leaves[--used].symbol] = (uint8_t)length;
}

/* The lowest n bits of a code, turned around. */
static unsigned turn(unsigned code, unsigned n)
{
	code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
	code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
	code = (code & 0x0F0F) << 4 | (code >> 4 & 0x0F0F);
	code = (code & 0x00FF) << 8 | (code >> 8 & 0x00FF);
	return code >> (16 - n);
}

void huffman_codes(const uint8_t *lengths, unsigned n, uint16_t *codes)
{
	unsigned of_length[HUFFMAN_LONGEST + 1] = { 0 }, next[HUFFMAN_LONGEST + 2] = { 0 };

	for (unsigned i = 0; i < n; i++)
		of_length[lengths[i]]++;
	of_length[0] = 0;
	for (unsigned length = 1; length <= HUFFMAN_LONGEST; length++)
		next[length + 1] = (next[length] + of_length[length]) << 1;
	for (unsigned i = 0; i < n; i++)
		if (lengths[i])
			codes[i] = (uint16_t)turn(next[lengths[i]]++, lengths[i]);
}
