#include "archive/help.h"

#include "archive/args.h"
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define USAGE "usage"

static const struct help_topic *find(const struct help_topic *topics, const char *name)
{
	while (topics->name && strcmp(topics->name, name) != 0)
		topics++;
	return topics->name ? topics : NULL;
}

static bool is_part(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_-/\"", c));
}

/* The length of a program's plain name at `p`, a word of the text from `start`; 0 if none is there. */
static size_t name_at(const char *p, const char *start, enum program *program)
{
	static const char *const plain[] = { [PROGRAM_INDEXER] = "indexer", [PROGRAM_QUERY] = "query" };

	for (int i = 0; i < 2 && !(p > start && is_part(p[-1])); i++) {
		size_t n = strlen(plain[i]);

		*program = (enum program)i;
		if (strncmp(p, plain[i], n) == 0 && !is_part(p[n]))
			return n;
	}
	return 0;
}

/* The first `n` bytes, with the programs' names; what these are longer than the plain ones
 * is taken from the white space before the next column of the line. */
static void print_text(const char *text, size_t n, FILE *to)
{
	enum program program;
	int longer = 0;

	for (const char *p = text, *end = text + n; p < end;) {
		size_t name = name_at(p, text, &program), spaces = strspn(p, " ");

		if (name) {
			longer += fprintf(to, "%s", args_name(program)) - (int)name;
			p += name;
		} else if (spaces >= 2 && p > text && p[-1] != '\n') {
			fprintf(to, "%*s", (int)spaces - longer > 2 ? (int)spaces - longer : 2, "");
			longer = 0;
			p += spaces;
		} else {
			longer = *p == '\n' ? 0 : longer;
			putc(*p++, to);
		}
	}
}

int help_usage(const struct help_topic *topics)
{
	const char *text = find(topics, USAGE)->text;

	print_text(text, strlen(text), stdout);
	return 0;
}

static void list(const struct help_topic *topics, FILE *to)
{
	for (; topics->name; topics++) {
		if (strcmp(topics->name, USAGE) == 0)
			continue;
		fprintf(to, "  %-10s ", topics->name);
		print_text(topics->text, strcspn(topics->text, "\n") + 1, to);
	}
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
		if (i)
			putchar('\n');
		print_text(t->text, strlen(t->text), stdout);
	}
	return 0;
}
