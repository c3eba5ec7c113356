/* The name of the test cycle that an upload goes into, and where the name came from.
 *
 * The first that there is: --job; the job that the report names (TestProject's do, those without a job are
 * "Jobless Executions"); the CI job without its shard or matrix cell; the report's own name
 * (testsuites@name); the file's name.
 */
#ifndef CLI_CYCLE_NAME_H
#define CLI_CYCLE_NAME_H

#include <stddef.h>

#include "base/error.h"
#include "cli/settings.h"
#include "report/model.h"

struct cycle_name {
    char *name; /* what log markers are made of, also where --cycle names another cycle */
    char *from; /* what follows "from": "the report", "--job", "QTEST_JOB", "the CI job", or with --cycle that
                 */
};

/* Errors: ERR_USAGE (the reports are of different jobs). */
int cycle_name_decide(struct cycle_name *ret, const struct settings *settings,
                      const struct report_meta *const *metas, size_t count, struct error *err);
void cycle_name_release(struct cycle_name *cycle);

#endif
