/* indexer/extract/furniture.h - find the page furniture in a text by rules one can read.
 *
 * Shape   furniture.rules explains the rule file; its text is compiled in. Marks are
 *         ranges of whole lines with their LF, ascending, disjoint, not touching.
 * Owner   a furniture is immutable and may serve many threads; the ranges array
 *         belongs to the caller and grows with MEM_GROW.
 * Errors  only the rules can be wrong: ERR_USAGE with the number of the line.
 * Cost    marking: lines of over FURNITURE_LINE bytes are measured and not read; a
 *         shorter one is compared with the few rules that share its first byte.
 */
#ifndef MORGUE_FURNITURE_H
#define MORGUE_FURNITURE_H

#include "article.h"
#include "base/err.h"

#define FURNITURE_LINE 300u /* bytes; a longer line is never furniture by itself */

/* A line below a "rest" line that is a story's paragraph, so that what lies between is
 * one too: of FURNITURE_LONG bytes, or of FURNITURE_PROSE and with a sentence's end at
 * its own. Teasers are headlines, or beginnings cut off by an ellipsis. With the first
 * figure alone the BBC's short paragraphs were lost after a "You may also like:" among them. */
#define FURNITURE_LONG  400u
#define FURNITURE_PROSE 120u

struct furniture;

/* The rules of the program. Never fails: the build tests them. */
struct furniture *furniture_builtin(void);

/* Rules from elsewhere, copied. NULL after filling err. */
struct furniture *furniture_new(struct bytes rules, struct err *err);
void furniture_free(struct furniture *f); /* NULL is fine */

/* Is this one line, with or without LF, furniture by a rule of either kind? */
bool furniture_is_line(const struct furniture *f, struct bytes line);

/* Mark all furniture of body (at most UINT32_MAX bytes): *ranges is set to *n ranges. */
void furniture_mark(const struct furniture *f, struct bytes body, struct range **ranges, size_t *n,
		    size_t *cap);

/* furniture.rules, as the build puts it into the program. */
extern const char furniture_rules_text[];
extern const size_t furniture_rules_size;

#endif
