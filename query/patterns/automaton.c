#include "patterns/automaton.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <stdlib.h>

/* ---- building ---- */

void automaton_init(struct automaton *a)
{
	*a = (struct automaton){ .n = 0 };
	intern_init(&a->states);
	automaton_node(a);
}

void automaton_release(struct automaton *a)
{
	free(a->edges);
	free(a->jumps);
	free(a->any);
	free(a->accepts);
	free(a->first_edge);
	free(a->first_jump);
	intern_release(&a->states);
	free(a->next);
	free(a->values);
	free(a->set);
	free(a->seen);
	*a = (struct automaton){ .n = 0 };
}

uint32_t automaton_node(struct automaton *a)
{
	if (a->n == AUTOMATON_NODES) {
		a->full = true;
		return 0;
	}
	MEM_GROW(a->accepts, a->accepts_cap, a->n + 1);
	MEM_GROW(a->any, a->any_cap, a->n + 1);
	a->accepts[a->n] = AUTOMATON_NO;
	a->any[a->n] = 0;
	return a->n++;
}

void automaton_jump(struct automaton *a, uint32_t from, uint32_t to)
{
	MEM_GROW(a->jumps, a->jumps_cap, a->njumps + 1);
	a->jumps[a->njumps++] = (struct automaton_jump){ from, to };
}

static void add_edge(struct automaton *a, uint32_t from, uint32_t to, unsigned low, unsigned high)
{
	MEM_GROW(a->edges, a->edges_cap, a->nedges + 1);
	a->edges[a->nedges++] = (struct automaton_edge){ from, to, (uint8_t)low, (uint8_t)high };
}

/* The bytes of two characters of equal size, between which all others may stand at each place. */
static void read_sequence(struct automaton *a, uint32_t from, uint32_t to, const uint8_t *low,
			  const uint8_t *high, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint32_t node = i + 1 < size ? automaton_node(a) : to;

		add_edge(a, from, node, low[i], high[i]);
		from = node;
	}
}

/* Cut [first, last], characters of one size, so that in every piece the bytes behind the first
 * that differs run through all values. */
static void read_range(struct automaton *a, uint32_t from, uint32_t to, uint32_t first, uint32_t last)
{
	uint8_t low[4], high[4];
	size_t size = utf8_encode(low, first);

	for (unsigned i = 1; i < size; i++) {
		uint32_t tail = (UINT32_C(1) << 6 * i) - 1; /* what i more bytes say */

		if ((first & ~tail) == (last & ~tail))
			continue;
		if (first & tail) {
			read_range(a, from, to, first, first | tail);
			read_range(a, from, to, (first | tail) + 1, last);
			return;
		}
		if ((last & tail) != tail) {
			read_range(a, from, to, first, (last & ~tail) - 1);
			read_range(a, from, to, last & ~tail, last);
			return;
		}
	}
	utf8_encode(high, last);
	read_sequence(a, from, to, low, high, size);
}

void automaton_read(struct automaton *a, uint32_t from, uint32_t to, uint32_t first, uint32_t last)
{
	static const uint32_t last_of_size[] = { 0x7F, 0x7FF, 0xFFFF, AUTOMATON_LAST };

	for (size_t i = 0; i < 4 && first <= last; i++) {
		uint32_t end = last < last_of_size[i] ? last : last_of_size[i];

		if (first > end)
			continue;
		read_range(a, from, to, first, end);
		first = end + 1;
	}
}

/* The nodes that read three, two and one more bytes of a character and end in `to`. */
static uint32_t rest_of_any(struct automaton *a, uint32_t to)
{
	uint32_t one, two, three;

	if (a->any[to])
		return a->any[to];
	three = automaton_node(a);
	two = automaton_node(a);
	one = automaton_node(a);
	add_edge(a, three, two, 0x80, 0xBF);
	add_edge(a, two, one, 0x80, 0xBF);
	add_edge(a, one, to, 0x80, 0xBF);
	return a->any[to] = three;
}

void automaton_read_any(struct automaton *a, uint32_t from, uint32_t to)
{
	uint32_t rest = rest_of_any(a, to);

	add_edge(a, from, to, 0, 0x7F);
	add_edge(a, from, rest + 2, 0xC0, 0xDF);
	add_edge(a, from, rest + 1, 0xE0, 0xEF);
	add_edge(a, from, rest, 0xF0, 0xF7);
}

void automaton_accept(struct automaton *a, uint32_t node, int8_t value)
{
	int8_t *v = &a->accepts[node];

	*v = *v == AUTOMATON_NO || value < *v ? value : *v;
}

/* ---- getting ready ---- */

static int edge_by_from(const void *x, const void *y)
{
	const struct automaton_edge *a = x, *b = y;

	return (a->from > b->from) - (a->from < b->from);
}

static int jump_by_from(const void *x, const void *y)
{
	const struct automaton_jump *a = x, *b = y;

	return (a->from > b->from) - (a->from < b->from);
}

static void sort_by_node(struct automaton *a)
{
	uint32_t edge = 0, jump = 0;

	if (a->nedges)
		qsort(a->edges, a->nedges, sizeof *a->edges, edge_by_from);
	if (a->njumps)
		qsort(a->jumps, a->njumps, sizeof *a->jumps, jump_by_from);
	a->first_edge = mem_zalloc(a->n + 1, sizeof *a->first_edge);
	a->first_jump = mem_zalloc(a->n + 1, sizeof *a->first_jump);
	for (uint32_t node = 0; node <= a->n; node++) {
		while (edge < a->nedges && a->edges[edge].from < node)
			edge++;
		while (jump < a->njumps && a->jumps[jump].from < node)
			jump++;
		a->first_edge[node] = edge;
		a->first_jump[node] = jump;
	}
}

static void class_bytes(struct automaton *a)
{
	bool begins[257] = { true };
	unsigned n = 0;

	for (size_t i = 0; i < a->nedges; i++)
		begins[a->edges[i].low] = begins[a->edges[i].high + 1] = true;
	begins['A'] = begins['Z' + 1] = true;
	for (unsigned byte = 0; byte < 256; byte++) {
		if (begins[byte])
			a->sample[n++] = (uint8_t)byte;
		a->class_of[byte] = (uint8_t)(n - 1);
	}
	for (unsigned byte = 'A'; byte <= 'Z'; byte++)
		a->class_of[byte] = a->class_of[byte | 0x20];
	while (1u << a->bits < n)
		a->bits++;
}

/* ---- states ---- */

/* Add a node, and where one comes from it without reading. */
static void add_node(struct automaton *a, uint32_t node)
{
	uint32_t done = a->nset;

	if (a->seen[node] == a->stamp)
		return;
	a->seen[node] = a->stamp;
	a->set[a->nset++] = node;
	for (; done < a->nset; done++) {
		uint32_t at = a->set[done];

		for (uint32_t i = a->first_jump[at]; i < a->first_jump[at + 1]; i++) {
			if (a->seen[a->jumps[i].to] == a->stamp)
				continue;
			a->seen[a->jumps[i].to] = a->stamp;
			a->set[a->nset++] = a->jumps[i].to;
		}
	}
}

static void new_set(struct automaton *a)
{
	a->nset = 0;
	a->stamp++;
	if (a->stamp == 0) {
		memset(a->seen, 0, a->n * sizeof *a->seen);
		a->stamp = 1;
	}
}

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

/* Of the set, only nodes that read or accept tell states apart. */
static void drop_idle(struct automaton *a)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < a->nset; i++) {
		uint32_t node = a->set[i];

		if (a->accepts[node] != AUTOMATON_NO || a->first_edge[node] < a->first_edge[node + 1])
			a->set[kept++] = node;
	}
	a->nset = kept;
}

/* The state of the set that is worked on, new or known. */
static uint32_t state_of_set(struct automaton *a)
{
	uint32_t known = a->states.n, state;
	size_t row = (size_t)1 << a->bits;
	int8_t value = AUTOMATON_NO;

	qsort(a->set, a->nset, sizeof *a->set, by_number);
	state = intern_add(&a->states, bytes_of(a->set, a->nset * sizeof *a->set));
	if (state < known)
		return state + AUTOMATON_START;
	for (uint32_t i = 0; i < a->nset; i++) {
		int8_t v = a->accepts[a->set[i]];

		value = v != AUTOMATON_NO && (value == AUTOMATON_NO || v < value) ? v : value;
	}
	MEM_GROW(a->values, a->values_cap, state + 1);
	MEM_GROW(a->next, a->next_cap, (state + 1) * row);
	a->values[state] = value;
	memset(a->next + state * row, 0, row * sizeof *a->next);
	return state + AUTOMATON_START;
}

static void begin_states(struct automaton *a)
{
	intern_reset(&a->states);
	new_set(a);
	add_node(a, 0);
	drop_idle(a);
	state_of_set(a);
}

void automaton_ready(struct automaton *a)
{
	sort_by_node(a);
	class_bytes(a);
	a->set = mem_zalloc(a->n, sizeof *a->set);
	a->seen = mem_zalloc(a->n, sizeof *a->seen);
	begin_states(a);
}

/* Forget all states but the first and that of the set that is worked on. */
static void forget_states(struct automaton *a)
{
	uint32_t n = a->nset, *set = mem_alloc((n + 1) * sizeof *set);

	memcpy(set, a->set, n * sizeof *set);
	begin_states(a);
	memcpy(a->set, set, n * sizeof *set);
	a->nset = n;
	free(set);
}

uint32_t automaton_learn(struct automaton *a, uint32_t state, unsigned class)
{
	struct bytes nodes = a->states.strings[state - AUTOMATON_START];
	uint8_t byte = a->sample[class];
	uint32_t next;

	new_set(a);
	for (size_t i = 0; i < nodes.n; i += sizeof(uint32_t)) {
		uint32_t node;

		memcpy(&node, nodes.p + i, sizeof node);
		for (uint32_t e = a->first_edge[node]; e < a->first_edge[node + 1]; e++)
			if (byte >= a->edges[e].low && byte <= a->edges[e].high)
				add_node(a, a->edges[e].to);
	}
	drop_idle(a);
	if (!a->nset)
		return a->next[((size_t)(state - AUTOMATON_START) << a->bits) + class] = AUTOMATON_DEAD;
	if (a->states.n >= AUTOMATON_STATES) {
		forget_states(a);
		return state_of_set(a);
	}
	next = state_of_set(a);
	return a->next[((size_t)(state - AUTOMATON_START) << a->bits) + class] = next;
}

int automaton_match(struct automaton *a, struct bytes s)
{
	uint32_t state = AUTOMATON_START;

	for (size_t i = 0; i < s.n && state != AUTOMATON_DEAD; i++)
		state = automaton_step(a, state, s.p[i]);
	return automaton_value(a, state);
}

void automaton_first_bytes(const struct automaton *a, bool first[256])
{
	struct bytes nodes = a->states.strings[0];

	memset(first, 0, 256 * sizeof *first);
	for (size_t i = 0; i < nodes.n; i += sizeof(uint32_t)) {
		uint32_t node;

		memcpy(&node, nodes.p + i, sizeof node);
		for (uint32_t e = a->first_edge[node]; e < a->first_edge[node + 1]; e++)
			for (unsigned byte = a->edges[e].low; byte <= a->edges[e].high; byte++)
				first[byte] = byte < 'A' || byte > 'Z';
	}
}
