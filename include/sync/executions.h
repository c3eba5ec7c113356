/* Which executions the results of one upload are of. Results whose report names its execution are of that
 * one; the others of the upload are one execution together, unless more than six hours lie between the end of
 * some and the start of the next: five nights in one file are five. Starts under one name that are nearly a
 * day apart are two executions, since a name that is used every night names each night. A result without a
 * start goes with the latest of its own report, else with the last execution that it may be of.
 *
 *     executions_divide(&executions, &store, reports, report_count, &err);
 *     for (size_t i = 0; i < executions.count; i++)       // each as if it were uploaded alone, oldest first
 *         desired_build(&desired, executions.items[i].store, executions.items[i].reports, ...);
 *     executions_release(&executions);
 *
 * Where all results are of one execution nothing is copied: it has the store and the reports themselves. Else
 * it takes 4 bytes a result, and 32 while it divides. Pure but for reading the store.
 */
#ifndef SYNC_EXECUTIONS_H
#define SYNC_EXECUTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "report/store.h"
#include "sync/desired.h"

/* Starts of one name that lie so far apart are two executions: less than a day, since a night may begin a bit
 * earlier than the one before. */
#define EXECUTION_APART_MS (20 * 3600 * INT64_C(1000))

struct execution {
    struct store *store;                  /* its results */
    const struct desired_report *reports; /* those that it has results of */
    size_t report_count;
};

struct executions {
    struct execution *items; /* by their first starts; last what has no start at all */
    size_t count;
    uint32_t *numbers; /* of the results in the store that was divided, by execution; NULL: there is one */
    struct store *parts;
    struct desired_report *reports;
};

/* Store and reports are borrowed for the life of it. Where there are several, entries get the number of their
 * report among those of their execution, so a store is divided once. Errors: as store_read. */
int executions_divide(struct executions *ret, struct store *store, const struct desired_report *reports,
                      size_t report_count, struct error *err);
/* It is over for longer than the executions of one upload lie apart when the other one begins: an earlier run, and
 * ret_began_ms is its first start. Not so where no start tells. */
bool execution_is_earlier(const struct execution *item, const struct execution *than, int64_t *ret_began_ms);
void executions_release(struct executions *executions);

#endif
