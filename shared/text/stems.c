#include "text/stems.h"

#include "base/mem.h"
#include "base/nearest.h"

#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

struct stemmer {
	struct sb_stemmer *snowball; /* NULL for "none" */
};

static const char *const codes[][2] = {
	{ "ar", "arabic" },     { "hy", "armenian" },   { "eu", "basque" },    { "ca", "catalan" },
	{ "da", "danish" },     { "nl", "dutch" },      { "en", "english" },   { "fi", "finnish" },
	{ "fr", "french" },     { "de", "german" },     { "el", "greek" },     { "hi", "hindi" },
	{ "hu", "hungarian" },  { "id", "indonesian" }, { "ga", "irish" },     { "it", "italian" },
	{ "lt", "lithuanian" }, { "ne", "nepali" },     { "no", "norwegian" }, { "pt", "portuguese" },
	{ "ro", "romanian" },   { "ru", "russian" },    { "sr", "serbian" },   { "es", "spanish" },
	{ "sv", "swedish" },    { "ta", "tamil" },      { "tr", "turkish" },   { "yi", "yiddish" },
	{ "porter", "porter" }, { "none", "none" },
};

const char *stemmer_language(const char *name)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (!strcasecmp(name, codes[i][0]) || !strcasecmp(name, codes[i][1]))
			return codes[i][1];
	return NULL;
}

bool stemmer_keeps_first(const char *language)
{
	static const char *const others[] = { "arabic", "dutch",   "indonesian", "irish",
					      "nepali", "serbian", "tamil",      "yiddish" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(language, others[i]) == 0)
			return false;
	return true;
}

static void list_languages(char *out, size_t size)
{
	const char **names = sb_stemmer_list();
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; names[i] && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "", names[i]);
}

static bool is_listed(const char *name)
{
	for (const char **names = sb_stemmer_list(); *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

struct stemmer *stemmer_new(const char *language, struct err *err)
{
	const char *name = stemmer_language(language);
	struct stemmer *s;
	char known[384], hint[NEAREST_HINT];
	struct nearest near;

	if (!name) {
		nearest_start(&near, language);
		for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
			nearest_offer(&near, codes[i][1]);
		list_languages(known, sizeof known);
		err_set(err, ERR_USAGE, "there is no language '%.100s'%s\nThere are: %s none", language,
			nearest_hint(&near, "", hint), known);
		return NULL;
	}
	s = mem_zalloc(1, sizeof *s);
	if (strcmp(name, "none") == 0)
		return s;
	s->snowball = sb_stemmer_new(name, "UTF_8");
	if (!s->snowball) {
		if (is_listed(name))
			mem_exhausted(sizeof *s);
		free(s);
		err_set(err, ERR_USAGE,
			"this libstemmer has no stemmer for '%s'; choose another --lang, or none", name);
		return NULL;
	}
	return s;
}

void stemmer_free(struct stemmer *s)
{
	if (s && s->snowball)
		sb_stemmer_delete(s->snowball);
	free(s);
}

struct bytes stemmer_stem(struct stemmer *s, struct bytes word)
{
	const sb_symbol *stem;

	if (!s->snowball)
		return word;
	stem = sb_stemmer_stem(s->snowball, word.p, (int)word.n);
	if (!stem)
		mem_exhausted(word.n);
	return bytes_of(stem, (size_t)sb_stemmer_length(s->snowball));
}
