/* corpus/generate/scripts.c - letters, small words and marks of the languages that are not English. */
#include "generate/lexicon.h"
#include "text/utf8.h"

#define NO_LETTERS                                                                                           \
	{ NULL }, { NULL }, { NULL },                                                                        \
	{                                                                                                    \
		"", "", "", ""                                                                               \
	}

/* clang-format off */
const struct script scripts[SCRIPTS] = {
	{ "fr",
	  { "b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "ch", "ç", "pr" },
	  { "a", "e", "i", "o", "u", "é", "è", "ou" },
	  { "", "", "", "n", "r", "t", "l", "s" },
	  { "", "s", "e", "es" },
	  { "le", "la", "les", "de", "des", "et", "à", "un", "une", "en", "dans", "que", "qui", "pour", "sur", "est" },
	  "« ", " »", ", ", ". ", " ", 0, 0, "Gazette" },
	{ "de",
	  { "b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "sch", "st", "t", "w", "z" },
	  { "a", "e", "e", "i", "o", "u", "ä", "ü" },
	  { "", "", "n", "r", "l", "ß", "cht", "ng" },
	  { "", "en", "er", "es" },
	  { "der", "die", "das", "und", "in", "den", "von", "zu", "mit", "sich", "auf", "für", "ist", "nicht", "ein", "eine" },
	  "„", "“", ", ", ". ", " ", 0, 0, "Zeitung" },
	{ "ru",
	  { "б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "ст", "пр" },
	  { "а", "е", "и", "о", "о", "у", "я", "ы" },
	  { "", "", "", "н", "р", "й", "л", "ск" },
	  { "", "а", "ов", "ами" },
	  { "и", "в", "не", "на", "что", "с", "по", "как", "к", "из", "у", "за", "от", "о", "для", "это" },
	  "«", "»", ", ", ". ", " ", 0, 0, "Вестник" },
	{ "el",
	  { "β", "γ", "δ", "θ", "κ", "λ", "μ", "ν", "π", "ρ", "σ", "τ", "φ", "χ", "στ", "πρ" },
	  { "α", "ε", "ι", "ο", "ά", "έ", "ου", "ω" },
	  { "", "", "", "", "ν", "ρ", "ν", "λ" },
	  { "ς", "ι", "ου", "ων" },
	  { "ο", "η", "το", "και", "να", "του", "της", "με", "που", "για", "από", "σε", "στο", "την", "τα", "οι" },
	  "«", "»", ", ", ". ", " ", 0, 0, "Νέα" },
	{ "ar",
	  { "ب", "ت", "ج", "ح", "د", "ر", "س", "ش", "ع", "ف", "ق", "ك", "ل", "م", "ن", "ه" },
	  { "ا", "", "و", "ي", "", "", "ا", "" },
	  { "", "", "", "ر", "ن", "م", "د", "ل" },
	  { "", "ة", "ات", "ين" },
	  { "في", "من", "على", "أن", "إلى", "عن", "مع", "هذا", "التي", "الذي", "كان", "ما", "لا", "بعد", "قال", "هو" },
	  "«", "»", "، ", ". ", " ", 0, 0, "صحيفة" },
	{ "zh", NO_LETTERS,
	  { "的", "的", "了", "在", "是", "和", "也", "不", "有", "这", "他", "我", "为", "与", "说", "将" },
	  "“", "”", "，", "。", "", 0x4E00, 4000, "日报" },
	{ "ja", NO_LETTERS,
	  { "の", "の", "は", "を", "に", "が", "で", "と", "も", "から", "まで", "した", "です", "ます", "という", "する" },
	  "「", "」", "、", "。", "", 0x5000, 3000, "新聞" },
	{ "ja", NO_LETTERS, /* names and loans from abroad */
	  { "の", "の", "は", "を", "に", "が", "で", "と", "も", "から", "まで", "した", "です", "ます", "という", "する" },
	  "「", "」", "、", "。", "", 0x30A2, 70, "タイムズ" },
};
/* clang-format on */

void script_add_word(struct buf *out, const struct script *s, uint64_t rank, bool ending)
{
	struct rng r = rng_for((uint64_t)(s - scripts) + LEMMA_KINDS, rank);
	uint32_t n = (rank < 200 ? 1 : 2) + rng_below(&r, 2);

	for (; n; n--) {
		uint64_t bits = rng_next(&r);

		if (s->first) {
			out->n += utf8_encode(buf_reserve(out, 4),
					      s->first + draw_one_of(&r, s->letters) * 1237 % s->letters);
			continue;
		}
		buf_add_str(out, s->onset[bits & 15]);
		buf_add_str(out, s->vowel[bits >> 4 & 7]);
		buf_add_str(out, s->coda[bits >> 7 & 7]);
	}
	if (ending)
		buf_add_str(out, s->ending[rng_below(&r, 4)]);
}
