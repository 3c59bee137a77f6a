/* query/patterns/automaton.h - a set of strings as a machine that reads bytes.
 *
 * It is built node by node as one that may be in several nodes at once, and run as one that is
 * in a single state: states are made when they are first met, and forgotten all together when
 * they have become many.
 * Shape   node 0 is where reading begins. Text is UTF-8; capitals A-Z are read as small ones.
 * Cost    match: a look-up a byte, once the states are known; in the worst case, for any
 *         nodes and any text, the nodes and their edges once for each byte.
 * Source  Thompson, "Regular expression search algorithm", CACM 1968; forgetting states:
 *         Cox, "Regular expression matching in the wild", 2010.
 *
 *	automaton_init(&a);
 *	b = automaton_node(&a);
 *	automaton_read(&a, 0, b, 'a', 'z');
 *	automaton_accept(&a, b, 0);
 *	automaton_ready(&a);
 *	automaton_match(&a, bytes_str("Q")) is now 0
 */
#ifndef MORGUE_AUTOMATON_H
#define MORGUE_AUTOMATON_H

#include "base/intern.h"

#define AUTOMATON_NODES  10000u   /* more is too big: see automaton_full */
#define AUTOMATON_STATES 4096u    /* kept at a time: a megabyte or two */
#define AUTOMATON_LAST   0x10FFFF /* the greatest character */
#define AUTOMATON_NO     (-1)

struct automaton_edge {
	uint32_t from, to;
	uint8_t low, high; /* bytes read, both included */
};

struct automaton_jump {
	uint32_t from, to;
};

struct automaton {
	/* nodes, with what leads from one to the other: sorted by .from once ready */
	uint32_t n;
	bool full;
	struct automaton_edge *edges;
	struct automaton_jump *jumps;
	uint32_t *any; /* by node: the first of three that read the rest of any character, or 0 */
	size_t nedges, edges_cap, njumps, jumps_cap, any_cap;
	int8_t *accepts; /* by node: its value, or AUTOMATON_NO */
	size_t accepts_cap;
	uint32_t *first_edge, *first_jump; /* by node, and one more */
	/* bytes that no edge tells apart are of one class */
	uint8_t class_of[256];
	uint8_t sample[256]; /* by class: a byte of it */
	unsigned bits;       /* classes are numbered below 1 << bits */
	/* states */
	struct intern states; /* their nodes, sorted */
	uint32_t *next;       /* by state and class: state + 2, 1 none, 0 not known yet */
	int8_t *values;       /* by state */
	size_t next_cap, values_cap;
	/* work */
	uint32_t *set, nset, *seen, stamp;
};

void automaton_init(struct automaton *a);
void automaton_release(struct automaton *a);

/* A new node; 0 and .full when there are too many. What is built on is then nonsense, to be
 * released unused. */
uint32_t automaton_node(struct automaton *a);

void automaton_jump(struct automaton *a, uint32_t from, uint32_t to); /* without reading */
/* By a character from first to last. */
void automaton_read(struct automaton *a, uint32_t from, uint32_t to, uint32_t first, uint32_t last);
void automaton_read_any(struct automaton *a, uint32_t from, uint32_t to); /* by any character */

/* A string that ends here belongs to the set. Of several values the least counts. */
void automaton_accept(struct automaton *a, uint32_t node, int8_t value);

/* All is built. */
void automaton_ready(struct automaton *a);

/* Bytes that a string of the set can begin with; capitals are not among them. */
void automaton_first_bytes(const struct automaton *a, bool first[256]);

/* ---- running ---- */

#define AUTOMATON_DEAD  1u /* no string of the set begins so */
#define AUTOMATON_START 2u

uint32_t automaton_learn(struct automaton *a, uint32_t state, unsigned class);

/* The state behind a byte. Only the newest one holds: use no older. */
static inline uint32_t automaton_step(struct automaton *a, uint32_t state, uint8_t byte)
{
	unsigned class = a->class_of[byte];
	uint32_t next = a->next[((size_t)(state - AUTOMATON_START) << a->bits) + class];

	return next ? next : automaton_learn(a, state, class);
}

static inline int automaton_value(const struct automaton *a, uint32_t state)
{
	return state == AUTOMATON_DEAD ? AUTOMATON_NO : a->values[state - AUTOMATON_START];
}

/* The value of the set's string `s`, or AUTOMATON_NO. */
int automaton_match(struct automaton *a, struct bytes s);

#endif
