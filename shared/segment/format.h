/* shared/segment/format.h - the constants of docs/FORMAT.md. */
#ifndef MORGUE_FORMAT_H
#define MORGUE_FORMAT_H

#include <stdint.h>

#define SEG_MAGIC       UINT64_C(0x0A47455347524F4D) /* "MORGSEG\n" read as little-endian */
#define SEG_VERSION     2u
#define SEG_HEADER_SIZE 64u
#define SEG_TOC_ENTRY   24u
#define SEG_PAGE        32768u /* bytes under one checksum */
#define SEG_SLACK       64u    /* zero bytes after every section, which a decoder may over-read */

enum segment_section {
	SEC_DOCS, /* columns of the articles */
	SEC_DICT, /* terms, front-coded */
	SEC_DIDX, /* where each block of terms begins */
	SEC_FORM, /* written forms of the terms */
	SEC_POST, /* skip tables, impacts, postings */
	SEC_POSN, /* positions and form numbers */
	SEC_COUNT
};

#define SEC_NAMES                                                                                            \
	{                                                                                                    \
		"DOCS", "DICT", "DIDX", "FORM", "POST", "POSN"                                               \
	}

/* Offsets in the header; "Header". */
enum {
	H_MAGIC = 0,
	H_VERSION = 8,
	H_SIZE = 12,
	H_FILE_SIZE = 16,
	H_NDOCS = 24,
	H_NDATED = 28,
	H_WORDS = 32,
	H_NTERMS = 40,
	H_WEIGHT = 44,
	H_PAGES = 48,
	H_SECTIONS = 56,
	H_CRC = 60,
};

#define HEADER_BYTES (SEG_HEADER_SIZE + SEC_COUNT * SEG_TOC_ENTRY) /* header and table of contents */

#define DICT_BLOCK     16u  /* terms front-coded together */
#define POSTINGS_BLOCK 128u /* postings, or occurrences, in a full block or chunk */
#define POSTINGS_RUN   16u  /* blocks whose impacts are also kept together */
#define BITMAP_MAX     256u /* bytes of a block's bitmap */
#define SKIP_ENTRY     16u  /* bytes */
#define RUN_ENTRY      4u
#define TOP_ENTRY      5u
#define TOPS           3u /* for the k best, these k: */
#define TOP_KS         10, 100, 1000
#define TERM_MAX       256u /* bytes of a term: a stem of 255 and a reserved first byte */

#define BLOCK_HEADLINE 0x01u /* flags of a postings block: headline counts follow the frequencies */
#define BLOCK_BITMAP   0x02u /* its docs are a bitmap */

#define DOC_END  UINT32_MAX       /* after the last doc; never a real doc */
#define DOCS_MAX (UINT32_MAX - 1) /* articles in a segment */

#endif
