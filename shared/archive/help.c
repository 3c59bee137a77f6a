#include "archive/help.h"

#include "archive/args.h"
#include "base/nearest.h"

#include <stdio.h>
#include <string.h>

#define USAGE "usage"

static const struct help_topic *find(const struct help_topic *topics, const char *name)
{
	while (topics->name && strcmp(topics->name, name) != 0)
		topics++;
	return topics->name ? topics : NULL;
}

int help_usage(const struct help_topic *topics)
{
	fputs(find(topics, USAGE)->text, stdout);
	return 0;
}

static void list(const struct help_topic *topics, FILE *to)
{
	for (; topics->name; topics++)
		if (strcmp(topics->name, USAGE) != 0)
			fprintf(to, "  %-10s %.*s\n", topics->name, (int)strcspn(topics->text, "\n"),
				topics->text);
}

static int no_such_topic(const struct help_topic *topics, const char *name)
{
	char hint[NEAREST_HINT];
	struct nearest n;
	struct err err;

	nearest_start(&n, name);
	for (const struct help_topic *t = topics; t->name; t++)
		nearest_offer(&n, t->name);
	err_set(&err, ERR_USAGE, "help: there is no topic '%.100s'%s\nThere are:", name,
		nearest_hint(&n, "", hint));
	args_complain(err.msg);
	list(topics, stderr);
	return 2;
}

int help(const struct help_topic *topics, int n, char **names)
{
	if (!n)
		list(topics, stdout);
	for (int i = 0; i < n; i++) {
		const char *name = names[i] + strspn(names[i], "-"); /* help --json */
		const struct help_topic *t = find(topics, strcmp(name, "help") ? name : USAGE);

		if (!t)
			return no_such_topic(topics, names[i]);
		printf("%s%s", i ? "\n" : "", t->text);
	}
	return 0;
}
