#include "extract/dates.h"

#include "article.h"

#define YEAR_MIN  1400
#define YEAR_MAX  2100
#define TEXT_MAX  200                 /* bytes looked at; a date is shorter */
#define EPOCH_MAX INT64_C(4133980799) /* the last second of YEAR_MAX */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What is left to read. Every function below either takes what it is named for and
 * returns true, or takes nothing. */
struct scan {
	const uint8_t *p, *end;
};

static int peek(const struct scan *s)
{
	return s->p < s->end ? *s->p : -1;
}

static bool is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take(struct scan *s, int c)
{
	if (peek(s) != c)
		return false;
	s->p++;
	return true;
}

/* Bytes out of `set`, any number. True if there was one. */
static bool take_any(struct scan *s, const char *set)
{
	const uint8_t *from = s->p;

	while (s->p < s->end && *s->p && strchr(set, *s->p))
		s->p++;
	return s->p > from;
}

/* A run of digits, all of it, of min to max digits. */
static bool take_digits(struct scan *s, int min, int max, int *value)
{
	const uint8_t *q = s->p;
	int v = 0;

	while (q < s->end && ascii_is_digit(*q) && q - s->p <= max)
		v = q - s->p < 9 ? v * 10 + (*q - '0') : v, q++;
	if (q - s->p < min || q - s->p > max)
		return false;
	s->p = q;
	*value = v;
	return true;
}

/* A run of letters. */
static struct bytes take_word(struct scan *s)
{
	const uint8_t *from = s->p;

	while (is_letter(peek(s)))
		s->p++;
	return bytes_of(from, (size_t)(s->p - from));
}

/* Is `word` the name `full`, or its first three letters (or "sept")? */
static bool is_name(struct bytes word, const char *full)
{
	char three[4] = { full[0], full[1], full[2], '\0' };

	return bytes_is_nocase(word, full) || bytes_is_nocase(word, three) ||
	       (full[0] == 's' && full[1] == 'e' && bytes_is_nocase(word, "sept"));
}

static bool take_month_name(struct scan *s, int *month)
{
	static const char *const months[12] = { "january",   "february", "march",    "april",
						"may",       "june",     "july",     "august",
						"september", "october",  "november", "december" };
	struct scan t = *s;
	struct bytes word = take_word(&t);

	for (int i = 0; i < 12; i++) {
		if (is_name(word, months[i])) {
			take(&t, '.');
			*s = t;
			*month = i + 1;
			return true;
		}
	}
	return false;
}

/* "Tue, ", "Tuesday ": says nothing that the date does not. */
static void skip_weekday(struct scan *s)
{
	static const char *const days[7] = { "monday", "tuesday",  "wednesday", "thursday",
					     "friday", "saturday", "sunday" };
	static const char *const odd[] = { "tues", "weds", "thur", "thurs" };
	struct scan t = *s;
	struct bytes word = take_word(&t);
	bool found = false;

	for (size_t i = 0; i < COUNT(days); i++)
		found |= is_name(word, days[i]);
	for (size_t i = 0; i < COUNT(odd); i++)
		found |= bytes_is_nocase(word, odd[i]);
	if (found && take_any(&t, " ,.\t"))
		*s = t;
}

/* ---- time of day and zone ---- */

/* "a.m.", "PM" after a time: turn a clock of twelve hours into one of 24. */
static bool take_half(struct scan *s, struct civil *c)
{
	struct scan t = *s;
	int half;

	take_any(&t, " \t");
	half = ascii_lower((char)(peek(&t) < 0 ? 0 : peek(&t)));
	if (half != 'a' && half != 'p')
		return false;
	t.p++;
	take(&t, '.');
	if (!take(&t, 'm') && !take(&t, 'M'))
		return false;
	take(&t, '.');
	if (is_letter(peek(&t)) || c->hour < 1 || c->hour > 12)
		return false;
	c->hour = c->hour % 12 + (half == 'p' ? 12 : 0);
	*s = t;
	return true;
}

/* ":01.79" behind the minutes. */
static bool take_seconds(struct scan *s, struct civil *c)
{
	struct scan t = *s;
	int fraction;

	if (!take(&t, ':') || !take_digits(&t, 2, 2, &c->second))
		return false;
	c->second -= c->second == 60; /* a leap second is shown as the one before */
	*s = t;
	if (take(&t, '.') || take(&t, ','))
		if (take_digits(&t, 1, 12, &fraction))
			*s = t;
	return true;
}

/* "15:01", "15:01:01.79", "10:15 a.m.", "10 a.m."; sets the clock in *c and the precision. */
static bool take_time(struct scan *s, struct civil *c, char *precision)
{
	struct civil at = *c;
	struct scan t = *s;
	bool seconds = false;

	if (!take_digits(&t, 1, 2, &at.hour))
		return false;
	if (take(&t, ':')) {
		if (!take_digits(&t, 2, 2, &at.minute))
			return false;
		seconds = take_seconds(&t, &at);
		take_half(&t, &at);
	} else if (!take_half(&t, &at)) {
		return false;
	}
	if (!civil_valid(&at))
		return false;
	*c = at;
	*precision = seconds ? 's' : 't';
	*s = t;
	return true;
}

/* "+01:00", "+0100", "-05"; minutes east. */
static bool take_offset(struct scan *s, int *zone)
{
	struct scan t = *s;
	int sign = peek(&t) == '-' ? -1 : 1, hours, minutes = 0;

	if (!take(&t, '+') && !take(&t, '-'))
		return false;
	if (take_digits(&t, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!take_digits(&t, 2, 2, &hours)) {
		return false;
	} else if (take(&t, ':') && !take_digits(&t, 2, 2, &minutes)) {
		return false;
	}
	if (hours > 14 || minutes > 59 || ascii_is_digit(peek(&t)))
		return false;
	*zone = sign * (hours * 60 + minutes);
	*s = t;
	return true;
}

/* Z, an offset, or one of the names with one meaning in news; else the zone stays unknown. */
static bool take_zone(struct scan *s, int *zone)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = {
		{ "z", 0 },      { "gmt", 0 },    { "utc", 0 },    { "ut", 0 },     { "est", -300 },
		{ "edt", -240 }, { "cst", -360 }, { "cdt", -300 }, { "mst", -420 }, { "mdt", -360 },
		{ "pst", -480 }, { "pdt", -420 }, { "bst", 60 },   { "cet", 60 },   { "cest", 120 },
	};
	struct scan t = *s;
	struct bytes word;

	take_any(&t, " \t(");
	if (take_offset(&t, zone)) {
		*s = t;
		return true;
	}
	word = take_word(&t);
	for (size_t i = 0; i < COUNT(zones); i++) {
		if (bytes_is_nocase(word, zones[i].name)) {
			*zone = zones[i].minutes;
			if (*zone == 0)
				take_offset(&t, zone); /* "GMT+0100" */
			*s = t;
			return true;
		}
	}
	return false;
}

/* ---- dates ---- */

static bool finish(const struct civil *c, char precision, int zone, struct parsed_date *out)
{
	if (!civil_valid(c) || c->year < YEAR_MIN || c->year > YEAR_MAX)
		return false;
	*out = (struct parsed_date){ civil_to_seconds(c), precision, zone };
	return true;
}

/* "T", ", ", " at " and the like between date and time. */
static void skip_to_time(struct scan *s)
{
	struct scan t = *s;
	struct bytes word;

	if (take_any(s, " ,\t")) {
		t = *s;
		word = take_word(&t);
		if (bytes_is_nocase(word, "at") && take_any(&t, " \t"))
			*s = t;
	}
	if ((peek(s) == 'T' || peek(s) == 't') && s->end - s->p > 1 && ascii_is_digit(s->p[1]))
		s->p++;
}

/* A date to the day is read: take time and zone if they follow, ignore the rest. */
static bool finish_day(struct scan *s, struct civil *c, struct parsed_date *out)
{
	char precision = 'd';
	int zone = DATE_NO_ZONE, next = peek(s);

	if (ascii_is_digit(next) || (is_letter(next) && !strchr("TtZ", next)))
		return false;
	skip_to_time(s);
	if (take_time(s, c, &precision))
		take_zone(s, &zone);
	return finish(c, precision, zone, out);
}

/* At the end a year or a month is a date too; with text behind it, it is not. */
static bool finish_coarse(const struct scan *s, const struct civil *c, char precision,
			  struct parsed_date *out)
{
	return s->p == s->end && finish(c, precision, DATE_NO_ZONE, out);
}

static bool epoch(int64_t seconds, struct parsed_date *out)
{
	struct civil c;

	if (seconds < 0 || seconds > EPOCH_MAX)
		return false;
	c = civil_from_seconds(seconds);
	return finish(&c, 's', 0, out);
}

static int two(const uint8_t *p)
{
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* The day in eight digits. */
static struct civil compact_day(const uint8_t *p)
{
	return (struct civil){ .year = two(p) * 100 + two(p + 2), .month = two(p + 4), .day = two(p + 6) };
}

static struct civil with_clock(struct civil day, int clock)
{
	day.hour = clock / 10000;
	day.minute = clock / 100 % 100;
	day.second = clock % 100;
	return day;
}

/* 20160920, 20160920T101500Z, 20160920T1015+0100, 20160920 10:15. */
static bool parse_compact_day(struct scan *s, struct parsed_date *out)
{
	struct civil c = compact_day(s->p), at;
	struct scan t = { s->p + 8, s->end };
	int clock, zone = DATE_NO_ZONE;
	bool seconds;

	s->p += 8;
	if (!take(&t, 'T'))
		return finish_day(s, &c, out);
	seconds = take_digits(&t, 6, 6, &clock);
	if (!seconds && !take_digits(&t, 4, 4, &clock))
		return finish_day(s, &c, out);
	at = with_clock(c, seconds ? clock : clock * 100);
	take_zone(&t, &zone);
	return finish(&at, seconds ? 's' : 't', zone, out) || finish(&c, 'd', DATE_NO_ZONE, out);
}

/* A first run of more than four digits: 20160920, with six more for the time, or an epoch. */
static bool parse_long_number(struct scan *s, size_t digits, struct parsed_date *out)
{
	int64_t value = 0;
	struct civil c;

	for (size_t i = 0; i < digits && i < 18; i++)
		value = value * 10 + (s->p[i] - '0');
	if (digits == 8)
		return parse_compact_day(s, out);
	if (digits == 14) {
		c = with_clock(compact_day(s->p), (int)(value % 1000000));
		return s->p + digits == s->end && finish(&c, 's', DATE_NO_ZONE, out);
	}
	s->p += digits;
	if (take(s, '.'))
		while (ascii_is_digit(peek(s)))
			s->p++;
	if (s->p != s->end)
		return false;
	return digits == 13 ? epoch(value / 1000, out) : (digits == 9 || digits == 10) && epoch(value, out);
}

/* 2016, 2016-09, 2016-09-20, 2016/9/20, 2016-Sep-20, 2016 September 20. */
static bool parse_year_first(struct scan *s, struct parsed_date *out)
{
	struct civil c = { .month = 1, .day = 1 };
	int sep;

	if (!take_digits(s, 4, 4, &c.year))
		return false;
	sep = peek(s);
	if (sep < 0)
		return finish_coarse(s, &c, 'y', out);
	if (!strchr("-/. ", sep))
		return false;
	s->p++;
	if (!take_digits(s, 1, 2, &c.month) && !take_month_name(s, &c.month))
		return false;
	if (!take(s, sep))
		return sep == '-' || sep == '/' ? finish_coarse(s, &c, 'm', out) : false;
	return take_digits(s, 1, 2, &c.day) && finish_day(s, &c, out);
}

/* Two numbers and a year: only one order may be possible. */
static bool parse_numeric(struct scan *s, int first, int sep, struct parsed_date *out)
{
	struct civil c = { .year = 0 };
	int second;

	if (!take_digits(s, 1, 2, &second) || !take(s, sep) || !take_digits(s, 4, 4, &c.year))
		return false;
	if (first <= 12 && second <= 12 && first != second)
		return false;
	c.day = first > 12 ? first : second;
	c.month = first > 12 ? second : first;
	return finish_day(s, &c, out);
}

/* "st", "nd", "rd", "th" behind a day. */
static void skip_ordinal(struct scan *s)
{
	struct scan t = *s;
	struct bytes word = take_word(&t);

	if (bytes_is_nocase(word, "st") || bytes_is_nocase(word, "nd") || bytes_is_nocase(word, "rd") ||
	    bytes_is_nocase(word, "th"))
		*s = t;
}

/* 26-FEB-1987, 25 March 2024, 25th of March, 2024, 25/03/2024. */
static bool parse_day_first(struct scan *s, struct parsed_date *out)
{
	struct civil c = { .year = 0 };
	struct scan t;
	int sep;

	if (!take_digits(s, 1, 2, &c.day))
		return false;
	sep = peek(s);
	t = *s;
	if ((sep == '/' || sep == '-' || sep == '.') && t.p++ && ascii_is_digit(peek(&t)))
		return parse_numeric(&t, c.day, sep, out);
	skip_ordinal(s);
	if (!take_any(s, " -./\t"))
		return false;
	t = *s;
	if (bytes_is_nocase(take_word(&t), "of") && take_any(&t, " \t"))
		*s = t;
	return take_month_name(s, &c.month) && take_any(s, " -./,\t") && take_digits(s, 4, 4, &c.year) &&
	       finish_day(s, &c, out);
}

/* ctime: the clock stands before the year, and the zone between or behind. */
static bool parse_clock_first(struct scan *s, struct civil *c, struct parsed_date *out)
{
	int zone = DATE_NO_ZONE;
	char precision;

	c->year = 2000; /* a leap year, so that every day passes; the true one follows */
	if (!take_time(s, c, &precision))
		return false;
	take_zone(s, &zone);
	if (!take_any(s, " \t") || !take_digits(s, 4, 4, &c->year))
		return false;
	if (zone == DATE_NO_ZONE)
		take_zone(s, &zone);
	return finish(c, precision, zone, out);
}

/* March 25, 2024; Mar. 25 2024; March 2024; Aug 27 13:08:45 +0000 2008. */
static bool parse_month_first(struct scan *s, struct parsed_date *out)
{
	struct civil c = { .day = 1 };
	struct scan t;

	if (!take_month_name(s, &c.month) || !take_any(s, " ,-/\t"))
		return false;
	if (take_digits(s, 4, 4, &c.year))
		return finish_coarse(s, &c, 'm', out);
	if (!take_digits(s, 1, 2, &c.day))
		return false;
	skip_ordinal(s);
	if (!take_any(s, " ,-/\t"))
		return false;
	t = *s;
	if (take_digits(&t, 4, 4, &c.year)) {
		*s = t;
		return finish_day(s, &c, out);
	}
	return parse_clock_first(s, &c, out);
}

bool date_parse(struct bytes text, struct parsed_date *out)
{
	struct scan s;
	size_t digits = 0;

	text = bytes_trim(text);
	if (text.n > TEXT_MAX)
		text.n = TEXT_MAX;
	if (!text.n)
		return false;
	s = (struct scan){ text.p, text.p + text.n };
	skip_weekday(&s);
	while (s.p + digits < s.end && ascii_is_digit(s.p[digits]))
		digits++;
	if (digits == 0)
		return parse_month_first(&s, out);
	if (digits > 4)
		return parse_long_number(&s, digits, out);
	return digits == 4 ? parse_year_first(&s, out) : parse_day_first(&s, out);
}

/* ---- paths ---- */

/* YYYY-MM-DD or YYYYMMDD at s, whole runs of digits. */
static bool path_name_date(struct scan s, struct parsed_date *out)
{
	struct civil c;
	int number;

	if (take_digits(&s, 4, 4, &c.year)) {
		c = (struct civil){ .year = c.year };
		return take(&s, '-') && take_digits(&s, 2, 2, &c.month) && take(&s, '-') &&
		       take_digits(&s, 2, 2, &c.day) && finish(&c, 'd', DATE_NO_ZONE, out);
	}
	if (!take_digits(&s, 8, 8, &number))
		return false;
	c = compact_day(s.p - 8);
	return finish(&c, 'd', DATE_NO_ZONE, out);
}

/* YYYY/MM/ or YYYY/MM/DD/ at s, whole components. */
static bool path_folder_date(struct scan s, struct parsed_date *out)
{
	struct civil c = { .day = 1 };
	struct scan day;
	int number;

	if (!take_digits(&s, 4, 4, &c.year) || !take(&s, '/') || !take_digits(&s, 1, 2, &c.month) ||
	    !take(&s, '/'))
		return false;
	day = s;
	if (take_digits(&day, 1, 2, &number) && take(&day, '/')) {
		c.day = number;
		if (finish(&c, 'd', DATE_NO_ZONE, out))
			return true;
		c.day = 1;
	}
	return finish(&c, 'm', DATE_NO_ZONE, out);
}

bool date_from_path(const char *path, struct parsed_date *out)
{
	struct scan s = { (const uint8_t *)path, (const uint8_t *)path + strlen(path) };
	const uint8_t *start = s.p;
	struct parsed_date found, best = { .precision = 0 };

	while (s.p < s.end) {
		bool folder = s.p == start || s.p[-1] == '/';

		if (!ascii_is_digit(*s.p)) {
			s.p++;
			continue;
		}
		if ((folder && path_folder_date(s, &found)) || path_name_date(s, &found))
			if (found.precision == 'd' || best.precision != 'd')
				best = found;
		while (ascii_is_digit(peek(&s)))
			s.p++;
	}
	if (best.precision)
		*out = best;
	return best.precision != 0;
}
