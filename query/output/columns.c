#include "output/columns.h"

#include <utf8proc.h>

unsigned char_columns(uint32_t c)
{
	int width = c < 0x80 ? 1 : utf8proc_charwidth((utf8proc_int32_t)c);

	return width > 0 ? (unsigned)width : 0;
}
