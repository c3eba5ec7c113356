/* Logs that came without a note: whose are they? (bare_logs.c) */
#ifndef SYNC_BARE_LOGS_H
#define SYNC_BARE_LOGS_H

#include <stdbool.h>
#include <stdint.h>

struct bare_logs;
struct engine;
struct qtest_log;

struct bare_logs *bare_logs_new(void);
void bare_logs_free(struct bare_logs *bare);
bool bare_logs_any(const struct bare_logs *bare);
/* Somebody, or we, may have sent something meanwhile. */
void bare_logs_new_round(struct bare_logs *bare);
/* What was shown, before a search shows it anew. */
void bare_logs_forget(struct bare_logs *bare);
/* One that a search or the list of a run shows, unless it is certainly of another execution. */
void engine_keep_bare_log(struct engine *engine, const struct qtest_log *log, int64_t run_id);
/* Before they are used. */
void engine_sort_bare_logs(struct engine *engine);
/* When they are sorted: the run has one. */
bool engine_has_bare_log(const struct engine *engine, int64_t run_id);
/* Those that a run has: what they stand for is marked as found. */
void engine_use_bare_logs(struct engine *engine, uint32_t suite, int64_t run_id, uint32_t case_number);
/* After that: reads some of those that nothing but a read tells of. all: something may be added, else one tells
 * for the others. False: there is none to read any more. */
bool engine_read_bare_logs(struct engine *engine, bool all);

#endif
