/* shared/segment/crc32c.h - the checksum of segment pages.
 *
 * Source  Castagnoli, Brauer, Herrmann 1993; polynomial 0x1EDC6F41, reflected,
 *         initial value and final complement all ones (as iSCSI, RFC 3720).
 * Cost    the SSE4.2 instruction where the machine has it, else tables, 8 bytes
 *         a step.
 */
#ifndef MORGUE_CRC32C_H
#define MORGUE_CRC32C_H

#include "base/bytes.h"

/* Continue `crc` (0 to begin) over n bytes. */
uint32_t crc32c(uint32_t crc, const void *p, size_t n);

/* The table version, kept as the oracle of the other. */
uint32_t crc32c_portable(uint32_t crc, const void *p, size_t n);

#endif
