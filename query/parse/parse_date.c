#include "parse/parser.h"

#include "archive/args.h"
#include "base/civil.h"

#define LAST_MOST 99999 /* days, weeks, months or years back */

/* The digits at *s as a number of exactly `n` digits, or -1. */
static int take_digits(struct bytes *s, size_t n)
{
	int value = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(s->p[i]))
			return -1;
		value = value * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return value;
}

static bool take_dash(struct bytes *s)
{
	if (!s->n || *s->p != '-')
		return false;
	s->p++;
	s->n--;
	return true;
}

/* YYYY, YYYY-MM or YYYY-MM-DD as [*from, *to). */
static bool parse_calendar(struct bytes s, int64_t *from, int64_t *to)
{
	struct civil first = { .month = 1, .day = 1 }, last = { .month = 12, .day = 31 };

	first.year = last.year = take_digits(&s, 4);
	if (first.year > 0 && take_dash(&s)) {
		first.month = last.month = take_digits(&s, 2);
		if (!civil_valid(&first))
			return false;
		last.day = civil_days_in_month(last.year, last.month);
		if (take_dash(&s))
			first.day = last.day = take_digits(&s, 2);
	}
	if (s.n || !civil_valid(&first))
		return false;
	*from = civil_to_seconds(&first);
	*to = civil_to_seconds(&last) + CIVIL_DAY;
	return true;
}

static bool days_before(int64_t day, int64_t count, int64_t *from)
{
	*from = day - count * CIVIL_DAY;
	return *from >= civil_to_seconds(&(struct civil){ 1, 1, 1, 0, 0, 0 });
}

/* The day `count` months before `day`, or that month's last. False before the year 1. */
static bool months_before(int64_t day, int64_t count, int64_t *from)
{
	struct civil c = civil_from_seconds(day);
	int64_t month = (int64_t)c.year * 12 + c.month - 1 - count;
	int days;

	if (month < 12)
		return false;
	c.year = (int)(month / 12);
	c.month = (int)(month % 12) + 1;
	days = civil_days_in_month(c.year, c.month);
	c.day = c.day > days ? days : c.day;
	*from = civil_to_seconds(&c);
	return true;
}

/* last-30d: as many days before today, and today. */
static bool parse_last(struct bytes s, int64_t today, int64_t *from, int64_t *to)
{
	uint32_t count;

	if (s.n < 7 || !bytes_is_nocase(bytes_of(s.p, 5), "last-") ||
	    !parse_natural(bytes_of(s.p + 5, s.n - 6), LAST_MOST, &count))
		return false;
	*to = today + CIVIL_DAY;
	switch (s.p[s.n - 1] | 32) {
	case 'd': return days_before(today, count, from);
	case 'w': return days_before(today, (int64_t)count * 7, from);
	case 'm': return months_before(today, count, from);
	case 'y': return months_before(today, (int64_t)count * 12, from);
	default: return false;
	}
}

bool query_day(struct bytes text, int64_t *day)
{
	int64_t end;

	return text.n == 10 && parse_calendar(text, day, &end);
}

bool parse_period(struct bytes s, int64_t today, int64_t *from, int64_t *to)
{
	bool yesterday = bytes_is_nocase(s, "yesterday");

	if (!yesterday && !bytes_is_nocase(s, "today"))
		return parse_calendar(s, from, to);
	*from = yesterday ? today - CIVIL_DAY : today;
	*to = *from + CIVIL_DAY;
	return true;
}

/* What date: may be followed by, as [n->from, n->to). */
static bool parse_dates(struct bytes s, int64_t today, struct query_node *n)
{
	const uint8_t *dots = memmem(s.p, s.n, "..", 2);
	struct bytes first, second;
	int64_t ignored;

	if (!dots)
		return parse_period(s, today, &n->from, &n->to) || parse_last(s, today, &n->from, &n->to);
	first = bytes_of(s.p, (size_t)(dots - s.p));
	second = bytes_of(dots + 2, s.n - first.n - 2);
	return (first.n || second.n) && (!first.n || parse_period(first, today, &n->from, &ignored)) &&
	       (!second.n || parse_period(second, today, &ignored, &n->to)) && n->from < n->to;
}

struct query_node *parse_date(struct parser *p, const struct prefix *prefix, struct bytes value)
{
	struct query_node *n = new_node(p, QUERY_DATE, value);
	int64_t today = p->options.today, ignored;
	bool good;

	n->from = CIVIL_NONE + 1;
	n->to = INT64_MAX;
	if (prefix->kind == PREFIX_DATE && bytes_is_nocase(value, "none")) {
		n->kind = QUERY_UNDATED;
		return n;
	}
	switch (prefix->kind) {
	case PREFIX_AFTER: good = parse_period(value, today, &ignored, &n->from); break;
	case PREFIX_BEFORE: good = parse_period(value, today, &n->to, &ignored); break;
	default: good = parse_dates(value, today, n);
	}
	if (good)
		return n;
	return refuse(p, value, "%s%s: not a date; write 1987, 1987-03, 1987-03-15%s ('%s help dates')",
		      shown(p, prefix->word), shown(p, value),
		      prefix->kind == PREFIX_DATE ? ", 1987-03..1987-05, ..1999, 2001.., last-30d or none"
						  : " or today",
		      args_name(PROGRAM_QUERY));
}
