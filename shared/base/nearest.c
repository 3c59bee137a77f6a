#include "base/nearest.h"

#include "base/bytes.h"

#include <stdio.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return ascii_lower(a) == ascii_lower(b);
}

/* Edits from a[0..na) to b[0..nb); both at most NEAREST_MAX long. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	uint8_t row[NEAREST_MAX + 1][NEAREST_MAX + 1];

	for (size_t i = 0; i <= na; i++) {
		for (size_t j = 0; j <= nb; j++) {
			size_t edits = i + j;

			if (i && j) {
				edits = least(row[i - 1][j], row[i][j - 1]) + (size_t)1;
				edits = least(edits, row[i - 1][j - 1] + (size_t)!same(a[i - 1], b[j - 1]));
			}
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				edits = least(edits, row[i - 2][j - 2] + (size_t)1);
			row[i][j] = (uint8_t)edits;
		}
	}
	return row[na][nb];
}

static bool begins(const char *name, const char *word, size_t n)
{
	size_t i = 0;

	while (i < n && same(name[i], word[i]))
		i++;
	return n > 1 && i == n;
}

static size_t allowed(size_t longer)
{
	return longer < 3 ? 0 : longer < 6 ? 1 : longer / 3;
}

void nearest_start(struct nearest *n, const char *word)
{
	*n = (struct nearest){ .word = word };
}

void nearest_offer(struct nearest *n, const char *name)
{
	size_t word_size = strlen(n->word), size = strlen(name), edits;

	if (word_size >= NEAREST_MAX || size >= NEAREST_MAX)
		return;
	edits = distance(n->word, word_size, name, size);
	if (edits > allowed(word_size > size ? word_size : size)) {
		if (!begins(name, n->word, word_size))
			return;
		edits = 1;
	}
	if (*n->best && edits >= n->edits)
		return;
	memcpy(n->best, name, size + 1);
	n->edits = edits;
}

const char *nearest_hint(const struct nearest *n, const char *before, char out[NEAREST_HINT])
{
	*out = '\0';
	if (*n->best)
		snprintf(out, NEAREST_HINT, "; did you mean %s%s?", before, n->best);
	return out;
}

const char *nearest_of(const char *word, const char *const *names, const char *before, char out[NEAREST_HINT])
{
	struct nearest n;

	nearest_start(&n, word);
	while (*names)
		nearest_offer(&n, *names++);
	return nearest_hint(&n, before, out);
}
