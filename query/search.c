#include "search.h"

#include "archive/bodies.h"

#include <inttypes.h>
#include <stdlib.h>

/* An article with its text, as hits and `show` need it. */
struct loaded {
	struct catalog_article row; /* borrowed from the catalog */
	struct buf body;
	struct range *furniture;
	size_t nfurniture, furniture_cap;
};

static void loaded_release(struct loaded *l)
{
	buf_release(&l->body);
	free(l->furniture);
}

static int load(struct archive *archive, int64_t number, struct loaded *l, struct err *err)
{
	int got = catalog_article(archive->catalog, number, &l->row, err);

	if (got < 0)
		return got;
	if (got == 0)
		return err_set(err, ERR_NOT_FOUND, "%s: there is no article %" PRId64, archive->path, number);
	if (body_inflate(l->row.body, (uint64_t)l->row.size, &l->body) < 0 ||
	    furniture_get(l->row.furniture, l->row.size, &l->furniture, &l->nfurniture, &l->furniture_cap) <
		    0)
		return err_set(err, ERR_CORRUPT,
			       "%s: the text of article %" PRId64 " is damaged in the catalog", archive->path,
			       number);
	return 0;
}

struct searcher {
	struct archive *archive;
	const struct search_options *options;
	struct printer *printer;
	struct analyzer *analyzer;
	struct arena arena;
	struct query query;
	struct plan plan;
	struct ranking ranking;
};

/* Hits with snippets: for people or as JSON lines. */
static int print_hits(struct searcher *s, struct err *err)
{
	struct snippeter *snippeter = snippeter_new(&s->plan, s->analyzer);
	struct snippet title = { .marks = NULL }, body = { .marks = NULL };
	struct loaded l = { .furniture = NULL };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->ranking.n; i++) {
		const struct hit *hit = &s->ranking.hits[i];
		uint64_t rank = s->options->rank.offset + i + 1;

		rc = load(s->archive, hit->article, &l, err);
		if (rc < 0)
			break;
		snippet_make(snippeter, l.row.title, buf_bytes(&l.body), l.furniture, l.nfurniture, &title,
			     &body);
		if (s->options->output == OUTPUT_JSON)
			json_hit(&s->printer->out, rank, hit, &l.row, &body);
		else
			print_hit(s->printer, rank, &l.row, &title, &body);
	}
	snippeter_free(snippeter);
	snippet_release(&title);
	snippet_release(&body);
	loaded_release(&l);
	return rc == ERR_NOT_FOUND
		       ? err_set(err, ERR_CORRUPT, "%s: the index names an article that the catalog lacks",
				 s->archive->path)
		       : rc;
}

static int print_answer(struct searcher *s, struct bytes question, struct err *err)
{
	struct buf *out = &s->printer->out;
	const struct ranking *r = &s->ranking;
	int rc = 0;

	switch (s->options->output) {
	case OUTPUT_COUNT: buf_addf(out, "%" PRIu64 "\n", r->total); break;
	case OUTPUT_NUMBERS:
		for (size_t i = 0; i < r->n; i++)
			buf_addf(out, "%" PRIu32 "\n", r->hits[i].article);
		break;
	case OUTPUT_JSON:
		json_query(out, question, s->archive->ndocs);
		rc = print_hits(s, err);
		json_summary(out, r->total, r->n);
		break;
	case OUTPUT_HITS:
		rc = print_hits(s, err);
		print_total(s->printer, s->options->rank.offset + 1, r->n, r->total);
		break;
	}
	return rc;
}

static void add_notes(const struct searcher *s, struct buf *notes)
{
	buf_add_bytes(notes, buf_bytes(&s->query.notes));
	if (!s->query.root)
		buf_add_str(notes, "the question holds no word to search for\n");
}

int search(struct archive *archive, struct bytes question, const struct search_options *options,
	   struct printer *printer, struct buf *notes, uint64_t *total, struct err *err)
{
	struct searcher s = { .archive = archive, .options = options, .printer = printer };
	int rc = ERR_USAGE;

	s.analyzer = analyzer_new(buf_cstr(&archive->language), err);
	if (!s.analyzer || (rc = query_parse(&s.query, question, options->any, &s.arena, err)) < 0)
		goto done;
	add_notes(&s, notes);
	if ((rc = plan_build(&s.plan, s.query.root, archive, s.analyzer, options->k1, options->b, err)) < 0 ||
	    (rc = rank_plan(&s.ranking, &s.plan, archive, &options->rank, err)) < 0)
		goto done;
	*total = s.ranking.total;
	rc = print_answer(&s, question, err);
done:
	ranking_release(&s.ranking);
	plan_release(&s.plan);
	query_release(&s.query);
	arena_release(&s.arena);
	analyzer_free(s.analyzer);
	return rc;
}

int show_article(struct archive *archive, int64_t number, bool json, bool with_furniture,
		 struct printer *printer, struct err *err)
{
	struct loaded l = { .furniture = NULL };
	int rc = load(archive, number, &l, err);

	if (rc == 0 && json)
		json_article(&printer->out, &l.row, buf_bytes(&l.body), l.furniture, l.nfurniture);
	else if (rc == 0)
		print_article(printer, &l.row, buf_bytes(&l.body), l.furniture, l.nfurniture, with_furniture);
	loaded_release(&l);
	return rc;
}
