#include "generate/lexicon.h"

/* ---- words that everybody knows ---- */

/* Of verbs only regular ones, for the endings are put on by rule. */
static const char *const nouns[] = {
	"bank",       "gate",     "universe",   "university", "time",         "minister",  "union",
	"mine",       "year",     "government", "council",    "day",          "week",      "company",
	"country",    "city",     "party",      "court",      "police",       "policy",    "market",
	"price",      "school",   "river",      "harbour",    "ferry",        "report",    "plan",
	"leader",     "official", "election",   "vote",       "worker",       "member",    "group",
	"team",       "case",     "law",        "family",     "house",        "home",      "hospital",
	"doctor",     "student",  "teacher",    "mayor",      "resident",     "president", "officer",
	"judge",      "lawyer",   "charge",     "arrest",     "road",         "bridge",    "station",
	"train",      "farm",     "farmer",     "flood",      "fire",         "storm",     "winter",
	"summer",     "season",   "game",       "player",     "coach",        "goal",      "match",
	"film",       "book",     "music",      "museum",     "church",       "army",      "weapon",
	"treaty",     "border",   "trade",      "export",     "import",       "dollar",    "budget",
	"tax",        "rate",     "reserve",    "share",      "profit",       "loss",      "deal",
	"strike",     "wage",     "job",        "factory",    "organisation", "organ",     "general",
	"generation", "paper",    "letter",     "question",   "answer",       "problem",   "decision",
	"statement",  "meeting",  "talk",       "month",      "night",        "morning",   "part",
	"number",     "world",    "war",        "peace",      "power",        "energy",    "oil",
	"gas",        "water",    "land",       "tonne",      "wheat",
};
static const char *const verbs[] = {
	"sanction", "report",   "vote",     "mark",     "ask",     "call",    "want",        "need",
	"work",     "help",     "start",    "turn",     "move",    "play",    "open",        "close",
	"look",     "talk",     "organise", "generate", "elect",   "judge",   "import",      "export",
	"reserve",  "charge",   "arrest",   "accuse",   "order",   "argue",   "claim",       "warn",
	"suggest",  "propose",  "reject",   "approve",  "support", "oppose",  "agree",       "refuse",
	"promise",  "threaten", "attack",   "defend",   "sail",    "flood",   "arm",         "treat",
	"cure",     "offer",    "sign",     "cancel",   "delay",   "finish",  "continue",    "remain",
	"return",   "receive",  "expect",   "join",     "visit",   "cross",   "share",       "trade",
	"rate",     "price",    "cause",    "change",   "raise",   "lower",   "increase",    "reduce",
	"improve",  "launch",   "announce", "describe", "compare", "publish", "investigate", "question",
};
static const char *const adjectives[] = {
	"new",       "general", "important", "old",      "local",   "public",        "national",
	"large",     "small",   "early",     "late",     "major",   "high",          "low",
	"long",      "short",   "political", "economic", "social",  "international", "young",
	"universal", "organic", "final",     "former",   "recent",  "special",       "clear",
	"strong",    "weak",    "foreign",   "legal",    "likely",  "possible",      "serious",
	"military",  "popular", "regional",  "rural",    "senior",  "annual",        "current",
	"private",   "common",  "certain",   "federal",  "medical", "industrial",    "free",
};
static const char *const given_names[] = {
	"Ruth",   "Peter",    "Anna",  "John",  "Mary",   "Edwin", "Paul",   "Clara",
	"David",  "Sarah",    "James", "Laura", "Thomas", "Helen", "Robert", "Maria",
	"Daniel", "Emma",     "Simon", "Alice", "George", "Julia", "Mark",   "Zoë",
	"José",   "Jean-Luc", "Karim", "Amina", "Ivan",   "Olga",  "Chen",   "Yuki",
};
static const char *const surnames[] = {
	"Gates",   "Banks",  "Brown",  "Marks",  "May",    "Price", "Organ", "Waters", "Church", "Parsons",
	"O'Brien", "García", "Müller", "Rivers", "Fields", "Judge", "Stone", "Wood",   "Nuñez",  "Sharpe",
};
static const char *const places[] = {
	"Turkey",  "Reading",     "Bath",         "Port Averil", "Kingsmere", "Skelby",
	"Ardmoor", "North Haven", "Saint-Aubrac", "Tarn Edge",   "Łodvik",    "Little Haven",
};

#define KNOWN(list) list, sizeof list / sizeof *list

static const struct {
	const char *const *known;
	uint32_t nknown;
	struct zipf law;
	const char *endings[8]; /* of invented ones: drawn by three bits */
} kinds[LEMMA_KINDS] = {
	[NOUN] = { KNOWN(nouns), { 24, 7, 240 }, { "", "", "er", "tion", "ment", "ness", "ity", "or" } },
	[VERB] = { KNOWN(verbs), { 20, 5, 90 }, { "", "", "", "", "ate", "ise", "en", "ify" } },
	[ADJECTIVE] = { KNOWN(adjectives),
			{ 16, 6, 110 },
			{ "", "al", "ous", "ive", "ic", "y", "ful", "ish" } },
	[GIVEN_NAME] = { KNOWN(given_names), { 24, 4, 120 }, { "", "", "a", "a", "o", "y", "ine", "us" } },
	[SURNAME] = { KNOWN(surnames), { 56, 7, 520 }, { "", "", "", "son", "er", "man", "ov", "ez" } },
	[PLACE] = { KNOWN(places), { 24, 6, 380 }, { "", "", "ton", "ville", "burg", "ia", "land", "by" } },
};

/* ---- syllables ---- */

/* A letter that is frequent stands there often: a draw is five or four bits of a hash. */
static const char *const onsets[32] = {
	"b", "b", "br", "c", "c", "ch", "d", "d", "f", "g",  "gr", "h", "h",  "k",  "l", "l",
	"m", "m", "n",  "n", "p", "pr", "r", "r", "s", "st", "t",  "t", "th", "tr", "v", "w",
};
static const char *const vowels[16] = {
	"a", "a", "a", "e", "e", "e", "e", "i", "i", "i", "o", "o", "o", "u", "ea", "ou",
};
static const char *const codas[16] = {
	"", "", "", "", "", "", "", "", "n", "n", "r", "r", "l", "m", "s", "nd",
};

static uint64_t hash_rank(uint64_t rank, uint64_t kind)
{
	struct rng r = rng_for(kind, rank);

	return rng_next(&r);
}

/* Words of many speakers are short. */
static uint32_t syllables_of(uint64_t rank, uint64_t hash)
{
	return rank < 400 ? 1 + (uint32_t)(hash & 1) : rank < 20000 ? 2 : 2 + (uint32_t)(hash & 1);
}

static void invent(struct buf *out, enum lemma_kind kind, uint64_t rank)
{
	uint64_t hash = hash_rank(rank, kind);
	uint32_t n = syllables_of(rank, hash);
	size_t start = out->n;

	for (hash >>= 1; n; n--, hash >>= 13) {
		buf_add_str(out, onsets[hash & 31]);
		buf_add_str(out, vowels[hash >> 5 & 15]);
		buf_add_str(out, codas[hash >> 9 & 15]);
	}
	buf_add_str(out, kinds[kind].endings[hash & 7]);
	if (kind >= GIVEN_NAME)
		out->p[start] = (uint8_t)(out->p[start] - 32);
}

/* ---- inflection ---- */

static bool is_vowel(uint8_t c)
{
	return strchr("aeiou", c) != NULL;
}

/* Put an ending to the word that ends the buffer, as English does: bakes, baked, tries, boxes. */
static void add_ending(struct buf *out, const char *ending)
{
	uint8_t last = out->p[out->n - 1], before = out->p[out->n - 2];
	bool s = *ending == 's';

	if (last == 'y' && !is_vowel(before) && *ending != 'i') {
		out->p[out->n - 1] = 'i';
		if (s)
			buf_add_byte(out, 'e');
	} else if (last == 'e' && (*ending == 'e' || *ending == 'i')) {
		out->n--;
	} else if (s && (strchr("sxz", last) || (last == 'h' && (before == 'c' || before == 's')))) {
		buf_add_byte(out, 'e');
	}
	buf_add_str(out, ending);
}

void lexicon_add(struct buf *out, enum lemma_kind kind, uint64_t rank, enum lemma_form form)
{
	if (rank < kinds[kind].nknown)
		buf_add_str(out, kinds[kind].known[rank]);
	else
		invent(out, kind, rank);
	switch (form) {
	case FORM_PLAIN: break;
	case FORM_PLURAL: add_ending(out, "s"); break;
	case FORM_POSSESSIVE: buf_add_str(out, rank & 1 ? "’s" : "'s"); break;
	case FORM_PAST: add_ending(out, "ed"); break;
	case FORM_ING: add_ending(out, "ing"); break;
	case FORM_ADVERB: add_ending(out, "ly"); break;
	}
}

uint64_t lexicon_draw(struct rng *r, enum lemma_kind kind)
{
	return draw_rank(r, &kinds[kind].law);
}

/* clang-format off */
static const char *const oddities[] = {
	"COVID-19", "covid 19", "covid19",  "Covid-19's", "e-mail",	"email",	"e mail",   "E-Mails",
	"F-35",	    "F35",	"O'Brien",  "O’Brien",	  "OBrien",	"O'Brien's",	"o’briens", "AT&T",
	"AT T",	    "at&t",	"R&D",	    "R D",	  "R&R",	"U.S.",		"U.S.'s",   "us",
	"C.E.O.s",  "$5bn",	"$5 bn",    "1,000",	  "1000",	"3.5%",		"3.5",	    "12%",
	"résumé",   "resume",	"Zoë",	    "Zoe",	  "Zoë's",	"café",		"naïve",    "Łódź",
	"Lodz",	    "co-operate", "cooperate", "re-elect", "Jean-Luc", "Smith/Jones", "COVID-19/flu", "1990s",
	"20th",	    "£3.50",	"五輪",	    "東京五輪",	  "東京",	"京",		"東",	    "京都大学",
	"don't",    "Hawaiʻi",	"state-of-the-art", "twenty-five", "O'Brien-Smith", "MH370", "@gates", "#vote",
};
/* clang-format on */

const char *lexicon_oddity(uint64_t number)
{
	return oddities[number % (sizeof oddities / sizeof *oddities)];
}
