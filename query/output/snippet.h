/* query/output/snippet.h - the piece of an article that shows best why it matched.
 *
 * Shape   text of about SNIPPET_BYTES, white space runs as one space; marks are byte
 *         ranges in it, ascending, each one matched word or phrase. It begins at a
 *         sentence if one is near, else at a word; ends likewise; never cuts a
 *         character and never holds furniture.
 * Choice  the window with most distinct query words, then most matches, then the
 *         earliest; without a match in the body, its beginning.
 * Cost    one analysis of the article.
 */
#ifndef MORGUE_SNIPPET_H
#define MORGUE_SNIPPET_H

#include "plan/plan.h"

#define SNIPPET_BYTES 240u

struct snippet {
	struct buf text;
	struct range *marks;
	size_t nmarks, marks_cap;
	bool more_before, more_after; /* the article goes on at that end */
};

void snippet_release(struct snippet *s);

struct snippeter; /* reusable scratch for one plan */

struct snippeter *snippeter_new(const struct plan *plan, struct analyzer *analyzer);
void snippeter_free(struct snippeter *s); /* NULL is fine */

/* Snippet of the body into *body, the whole title with its marks into *title. */
void snippet_make(struct snippeter *s, struct bytes title_text, struct bytes body_text,
		  const struct range *furniture, size_t nfurniture, struct snippet *title,
		  struct snippet *body);

#endif
