/* Shared by the two halves of the spool: files and names in spool.c, the inside in spool_file.c. */
#ifndef SYNC_SPOOL_PRIVATE_H
#define SYNC_SPOOL_PRIVATE_H

#include "base/file.h"
#include "sync/spool.h"

int spool_file_write(struct whole_file *file, const struct spool_facts *facts, const struct desired *desired,
                     struct error *err);
/* From entry->fd into facts, metas, reports and store. Errors: ERR_REPORT (damaged), ERR_FOREIGN (of
 * another version), ERR_IO. */
int spool_file_read(struct spool_entry *entry, struct error *err);

#endif
