#include "revise.h"

int revise(struct archive *archive, const struct recognised_article *there, struct inverter *gathered,
	   struct catalog_article *row, struct err *err)
{
	int rc = archive_kill(archive, there->number, err);

	if (rc < 0)
		return rc;
	if (rc == 0)
		inverter_drop(gathered, (uint32_t)there->number);
	row->number = there->number;
	row->revision = there->revision + 1;
	row->story = there->story;
	if ((rc = catalog_revise(archive->catalog, row, err)) < 0)
		return rc;
	return catalog_add_identity(archive->catalog, there->text, there->number, err);
}
