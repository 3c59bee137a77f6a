/* query/relax.h - why a question finds nothing, and what like it finds something.
 *
 * Found   the parts that must all be there, each with its articles; of words that are nowhere
 *         the nearest spellings that the archive has; and changes that find something, the
 *         slightest first: a word spelt so; words of a phrase in any form, then near each
 *         other; as written, then in any form; anywhere instead of in the headline; a
 *         filter off; a part left out; all parts that find nothing left
 *         out; any of the parts.
 * Owner   what is found lives in the counter's arena.
 * Cost    RELAX_COUNTS counts at most, and RELAX_LOOKED_UP words looked up.
 */
#ifndef MORGUE_RELAX_H
#define MORGUE_RELAX_H

#include "parts.h"
#include "patterns/suggest.h"

#define RELAX_COUNTS    40u
#define RELAX_PARTS     8u
#define RELAX_CHANGES   3u
#define RELAX_WORDS     3u
#define RELAX_LOOKED_UP 8u /* words: each is a walk over the vocabulary */
#define RELAX_SPELT     3u /* spellings of a word */

struct relaxed {
	struct bytes question; /* in Morgue's own language */
	uint64_t matches;
};

struct misspelt {
	struct bytes word;
	struct suggestions instead;
};

struct relaxation {
	struct misspelt misspelt[RELAX_WORDS];
	size_t nmisspelt;
	struct relaxed parts[RELAX_PARTS], changes[RELAX_CHANGES];
	size_t nparts, nchanges;
};

/* `root` is the tree of a question that finds nothing; it is changed and put back. */
int relax(struct relaxation *r, struct counter *c, struct query_node *root, struct err *err);

/* For people, a line each; for programs, one object, the "no_hits" of docs/OUTPUT.md. */
void relax_notes(struct buf *notes, const struct relaxation *r);
void json_relaxation(struct buf *out, struct bytes name, const struct relaxation *r);

#endif
