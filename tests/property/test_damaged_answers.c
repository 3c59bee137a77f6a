/* tests/property/test_damaged_answers.c - a damaged segment gives a right answer or an error, not a crash.
 *
 * Whole plans over damaged segments; test_damage.c does it list by list. Bytes that are
 * wrong under right checksums may give any answer, in finite time and little memory.
 */
#include "base/mem.h"
#include "lib/engine_trial.h"
#include "lib/random_archive.h"
#include "lib/random_plan.h"
#include "rank/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define PLANS  6u
#define HANGS  300u /* seconds that a trial of milliseconds may take before it is taken for endless */
#define MEMORY (UINT64_C(1) << 30) /* bytes of address space */

static uint64_t trial;

static void endless(int signal_number)
{
	char text[64];
	int n = snprintf(text, sizeof text, "# endless: seed %" PRIu64 "\n", trial);

	(void)signal_number;
	if (write(STDOUT_FILENO, text, (size_t)n) != n)
		_exit(2);
	_exit(1);
}

static void unbounded(size_t size)
{
	fail_msg("seed %" PRIu64 ": %zu bytes asked for", trial, size);
}

/* Sanitizers need the address space for themselves. */
static int limit(void **state)
{
	const struct rlimit memory = { MEMORY, MEMORY };

	(void)state;
	mem_exhausted = unbounded;
	signal(SIGALRM, endless);
	return test_is_slow() ? 0 : setrlimit(RLIMIT_AS, &memory);
}

static void begin(uint64_t seed)
{
	trial = seed;
	alarm(HANGS);
}

static void try_wrong_bytes(uint64_t seed)
{
	struct buf what = BUF_INIT;
	struct rng r;

	begin(seed);
	rng_init(&r, seed);
	if (!engine_damage_trial(&r, &what))
		fail_msg("seed %" PRIu64 ": %s", seed, buf_cstr(&what));
	buf_release(&what);
}

static void wrong_bytes_under_right_checksums_stay_within_bounds(void **state)
{
	(void)state;
	test_seeds(400, 300, 200000, try_wrong_bytes);
}

/* ---- flipped bits ---- */

/* Plans and what they answer over a whole segment. */
struct subject {
	struct random_index x;
	struct archive archive; /* of its first segment */
	struct plan plans[PLANS];
	struct rank_options options[PLANS];
	struct ranking truth[PLANS];
	uint64_t size;
};

static bool same_answer(const struct ranking *a, const struct ranking *b)
{
	if (a->n != b->n || a->total != b->total)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->hits[i].doc != b->hits[i].doc || a->hits[i].score != b->hits[i].score ||
		    a->hits[i].article != b->hits[i].article || a->hits[i].date != b->hits[i].date)
			return false;
	return true;
}

static void make(struct subject *s, uint64_t seed)
{
	struct err err;
	struct rng r;

	rng_init(&r, seed);
	random_index_make(&s->x, &r, 0);
	s->archive = (struct archive){ .segments = s->x.opened, .nsegments = 1 };
	for (uint32_t i = 0; i < PLANS; i++) {
		random_plan_make(&s->plans[i], &r, &s->x);
		s->options[i] = (struct rank_options){ .count = 20, .plain = i % 4 == 3 };
		assert_int_equal(rank_plan(&s->truth[i], &s->plans[i], &s->archive, &s->options[i], &err), 0);
	}
	assert_int_equal(segment_write(&s->x.segments[0].fixture.parts, seg_temp_path(), &s->size, &err), 0);
}

static void drop(struct subject *s)
{
	for (uint32_t i = 0; i < PLANS; i++) {
		ranking_release(&s->truth[i]);
		plan_release(&s->plans[i]);
	}
	random_index_release(&s->x);
	unlink(seg_temp_path());
}

static void ask_damaged(struct subject *s, uint64_t at)
{
	struct archive archive = { .nsegments = 1 };
	struct segment seg;
	struct err err;
	int rc = segment_open(&seg, seg_temp_path(), &err);

	if (rc < 0) {
		assert_true(rc == ERR_CORRUPT || rc == ERR_VERSION);
		return;
	}
	archive.segments = &seg;
	for (uint32_t i = 0; i < PLANS; i++) {
		struct ranking got;

		rc = rank_plan(&got, &s->plans[i], &archive, &s->options[i], &err);
		if (rc != ERR_CORRUPT && (rc != 0 || !same_answer(&got, &s->truth[i])))
			fail_msg("seed %" PRIu64 ", byte %" PRIu64 ", plan %u: code %d, another answer",
				 trial, at, i, rc);
		ranking_release(&got);
	}
	segment_close(&seg);
}

static void flip(int fd, uint64_t at, uint8_t mask)
{
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	byte ^= mask;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
}

static void try_flips(uint64_t seed)
{
	static struct subject s;
	struct rng r;
	int fd;

	begin(seed);
	rng_init(&r, seed ^ 1);
	make(&s, seed);
	fd = open(seg_temp_path(), O_RDWR);
	assert_true(fd >= 0);
	for (int i = 0; i < 40; i++) {
		uint64_t at = rng_draw(&r, s.size);
		uint8_t mask = (uint8_t)(1u << rng_below(&r, 8));

		flip(fd, at, mask);
		ask_damaged(&s, at);
		flip(fd, at, mask);
	}
	close(fd);
	drop(&s);
}

static void a_flipped_bit_is_the_right_answer_or_an_error(void **state)
{
	(void)state;
	test_seeds(20, 10, 4000, try_flips);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_bytes_under_right_checksums_stay_within_bounds),
		cmocka_unit_test(a_flipped_bit_is_the_right_answer_or_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, limit, NULL);
}
