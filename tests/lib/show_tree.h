/* tests/lib/show_tree.h - a question's tree as text that hides nothing: (and a (or b =c)).
 *
 * Unlike tree_print it has a name for every kind of node, so two trees that differ look
 * different: (near5 a b), (prenear2 a b), (far/s a b), <wom?n>, ~1:word, source='bbc'.
 */
#ifndef MORGUE_SHOW_TREE_H
#define MORGUE_SHOW_TREE_H

#include "parse/parse.h"

void show_tree(struct buf *out, const struct query_node *n);

#endif
