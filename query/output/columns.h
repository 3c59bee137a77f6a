/* query/output/columns.h - how wide characters stand on a terminal. */
#ifndef MORGUE_COLUMNS_H
#define MORGUE_COLUMNS_H

#include "base/bytes.h"

unsigned char_columns(uint32_t c); /* 0 to 2 */

#endif
