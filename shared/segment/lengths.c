#include "segment/lengths.h"

#include <pthread.h>

static uint32_t words_of[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill(void)
{
	for (uint32_t code = 1; code < 256; code++) {
		uint32_t step = (words_of[code - 1] + 16) / 32;

		words_of[code] = words_of[code - 1] + (step ? step : 1);
	}
}

const uint32_t *length_table(void)
{
	pthread_once(&once, fill);
	return words_of;
}

uint32_t length_of_code(uint8_t code)
{
	return length_table()[code];
}

uint8_t length_code(uint32_t words)
{
	uint32_t low = 0, high = 255;

	pthread_once(&once, fill);
	while (low < high) {
		uint32_t middle = (low + high + 1) / 2;

		if (words_of[middle] <= words)
			low = middle;
		else
			high = middle - 1;
	}
	return (uint8_t)low;
}
