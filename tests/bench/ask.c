#include "ask.h"

int asker_open(struct asker *a, const char *path, struct err *err)
{
	int rc;

	*a = (struct asker){ .analyzer = NULL };
	if ((rc = archive_open_read(&a->archive, path, err)) < 0)
		return rc;
	if (!(a->analyzer = analyzer_new(buf_cstr(&a->archive.language), err))) {
		asker_close(a);
		return ERR_USAGE;
	}
	return 0;
}

void asker_close(struct asker *a)
{
	archive_close(&a->archive);
	analyzer_free(a->analyzer);
	a->analyzer = NULL;
}

int ask(struct asker *a, struct bytes question, bool any, const struct rank_options *options,
	struct answer *answer, struct err *err)
{
	struct arena arena = ARENA_INIT;
	struct ranking ranking = { .hits = NULL };
	struct plan plan = { .root = NULL };
	struct query query;
	int rc;

	if ((rc = query_parse(&query, question, &(struct parse_options){ .any = any }, &arena, err)) < 0 ||
	    (rc = plan_build(&plan, query.root, &a->archive, a->analyzer, BM25_K1, BM25_B, err)) < 0 ||
	    (rc = rank_plan(&ranking, &plan, &a->archive, options, err)) < 0)
		goto done;
	*answer = (struct answer){ ranking.n, ranking.total };
done:
	ranking_release(&ranking);
	plan_release(&plan);
	query_release(&query);
	arena_release(&arena);
	return rc;
}
