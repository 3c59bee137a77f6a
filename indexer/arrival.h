/* indexer/arrival.h - an article on its way in: where it was read, and what has been
 * made of it so far.
 *
 * Shape   intake.h fills in where it comes from and its record; prepare.h makes article,
 *         tokens and frame of that; batch.h stores them.
 * Owner   an arrival owns its buffers and is reused from article to article, so that a
 *         bulk run does not allocate for each. Stems and forms of the tokens live in the
 *         analyzer that made them (analyze.h).
 * Thread  one thread has it at a time; who hands it on does so under a lock.
 */
#ifndef MORGUE_ARRIVAL_H
#define MORGUE_ARRIVAL_H

#include "article.h"
#include "readers/reader.h"
#include "text/analyze.h"

enum arrival_stage {                    /* how far it has come */
		     ARRIVAL_READ,      /* the record is there */
		     ARRIVAL_EXTRACTED, /* the article too */
		     ARRIVAL_PREPARED,  /* and its tokens and frame */
		     ARRIVAL_REJECTED,  /* it is none: .err says why */
		     ARRIVAL_FILE_END,  /* it only says that a file has been read */
};

struct arrival {
	enum arrival_stage stage;
	const char *path;     /* of its file; borrowed */
	struct buf name;      /* what the archive calls that file */
	int64_t place;        /* and knows it by (roots.h); 0 if it cannot be known again */
	uint64_t file;        /* the number of that file in the run, from 1 */
	uint64_t raw;         /* bytes read for it, decompressed */
	uint64_t consumed;    /* bytes of files, as they lie on disk, that were read up to it */
	bool whole_file;      /* what is rejected is not one place in the file, but all of it */
	struct record record; /* its .raw.offset: the article's first byte in the file */
	struct article article;
	struct tokens tokens;
	uint32_t headline;   /* words of it in the headline */
	struct buf fields;   /* terms of what is known beside the text */
	struct buf text;     /* what is stored: texts.h */
	struct buf frame;    /* the same, compressed ... */
	uint32_t generation; /* ... in the way of this number: prepare.h */
	struct err err;
	bool has_state;          /* at the end of a file: ... */
	struct file_state state; /* ... what it was like when it was read */
};

#define ARRIVAL_KEEPS ((size_t)512 << 10) /* bytes: many times what most articles need */

/* Bytes that an arrival may keep for the next one that is read into it; what has grown
 * larger is given back. */
void arrival_trim(struct arrival *a, size_t most);

void arrival_release(struct arrival *a);

#endif
