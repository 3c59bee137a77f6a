#include "base/civil.h"

#include <stdio.h>
#include <time.h>

int civil_days_in_month(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool civil_valid(const struct civil *c)
{
	return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= civil_days_in_month(c->year, c->month) && c->hour >= 0 && c->hour <= 23 &&
	       c->minute >= 0 && c->minute <= 59 && c->second >= 0 && c->second <= 59;
}

int64_t civil_to_seconds(const struct civil *c)
{
	int year = c->year - (c->month <= 2);
	int era = year / 400;
	int of_era = year - era * 400;
	int of_year = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;
	int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
	int64_t days = (int64_t)era * 146097 + day_of_era - 719468;

	return days * CIVIL_DAY + c->hour * 3600 + c->minute * 60 + c->second;
}

struct civil civil_from_seconds(int64_t seconds)
{
	int64_t days = seconds / CIVIL_DAY - (seconds % CIVIL_DAY < 0);
	int rest = (int)(seconds - days * CIVIL_DAY);
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int day_of_era = (int)(shifted - era * 146097);
	int of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
	int m = (5 * of_year + 2) / 153;
	struct civil c = {
		.year = (int)(of_era + era * 400),
		.month = m < 10 ? m + 3 : m - 9,
		.day = of_year - (153 * m + 2) / 5 + 1,
		.hour = rest / 3600,
		.minute = rest / 60 % 60,
		.second = rest % 60,
	};

	c.year += c.month <= 2;
	return c;
}

int64_t civil_today(void)
{
	time_t now = time(NULL);
	struct tm tm;
	struct civil c;

	if (!localtime_r(&now, &tm))
		return now / CIVIL_DAY * CIVIL_DAY;
	c = (struct civil){ .year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday };
	return civil_to_seconds(&c);
}

void civil_format(char out[20], int64_t seconds, char precision)
{
	struct civil c;

	out[0] = '\0';
	if (seconds == CIVIL_NONE)
		return;
	c = civil_from_seconds(seconds);
	c.year = c.year < 0 || c.year > 9999 ? 9999 : c.year;
	if (precision == 'y')
		snprintf(out, 20, "%04d", c.year);
	else if (precision == 'm')
		snprintf(out, 20, "%04d-%02d", c.year, c.month);
	else if (precision == 'd')
		snprintf(out, 20, "%04d-%02d-%02d", c.year, c.month, c.day);
	else if (precision == 't')
		snprintf(out, 20, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
	else
		snprintf(out, 20, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
			 c.second);
}
