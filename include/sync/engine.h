/* The sync engine: makes qTest show the desired state. It does no I/O and never sleeps.
 *
 *     struct engine *engine = engine_new(&desired, &options, now_ms);
 *     for (;;) {
 *         struct engine_step step;
 *         engine_next(engine, now_ms, &step);
 *         if (step.kind == STEP_DONE) break;
 *         if (step.kind == STEP_SEND) send step.request under step.id;
 *         else wait until a reply comes or step.until_ms;
 *         ... engine_answer(engine, id, &reply, now_ms);
 *     }
 *     engine_outcome(engine, &outcome);
 *     engine_free(engine);
 *
 * sync/drive.h is that loop over a real transport; tests put a model of qTest and a clock of their own
 * in its place. now_ms is monotonic and may begin anywhere.
 *
 * How it goes: resolve the project; observe cycle, suites, cases and logs; what is
 * missing is the difference; create cycle, suites and modules; submit batches in stages and poll their
 * jobs; after anything unclear wait, observe again and send only what is still missing, a bounded number
 * of times. Reads are repeated with full jitter; nothing that writes is ever repeated blindly.
 */
#ifndef SYNC_ENGINE_H
#define SYNC_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "qtest/http.h"
#include "sync/desired.h"
#include "sync/journal.h"
#include "sync/outcome.h"

enum engine_older { ENGINE_OLDER_SEND, ENGINE_OLDER_SKIP };

/* Texts are borrowed for the life of the engine. */
struct engine_options {
    const char *project;     /* id or exact name */
    const char *cycle;       /* id or PID; NULL: by the job's name */
    const char *release;     /* id or exact name: only its cycles count, and it is made there; NULL: it is
                                found wherever it is, and made at the root */
    bool place_named;        /* the user names the cycle: what is found in another one does not count */
    const char *root_module; /* never NULL */
    const char *build_url;   /* NULL: none */
    const char *build_number; /* of the CI build, NULL: none */
    const char *status_word[RESULT_STATUS_COUNT];
    enum engine_older older;
    bool plan_only;
    bool claim;         /* ask other uploaders to wait (sync/claim.h); off: only waits and lists protect */
    int64_t timeout_ms; /* the whole run */
    int64_t request_timeout_ms;           /* one request; a submission gets twice that */
    int64_t settle_ms;                    /* how long an unanswered submission may still sit in the queue */
    int64_t batch_logs;                   /* at most, per POST */
    int64_t batch_bytes;                  /* a single log may be larger */
    int64_t parallel;                     /* requests in flight */
    int64_t wall_ms;                      /* the wall clock when now_ms was what engine_new got */
    uint64_t seed;                        /* for jitter, and for telling claims apart */
    const struct engine_memory *memory;   /* what an earlier run left; NULL: nothing */
    const struct engine_journal *journal; /* NULL: none is kept */
};

enum step_kind {
    STEP_SEND, /* send request, which stays the engine's until it was answered */
    STEP_WAIT, /* for a reply, or until until_ms */
    STEP_DONE,
};

struct engine_step {
    enum step_kind kind;
    const struct request *request;
    int64_t id;
    int attempt;       /* of this request, the first is 1 */
    const char *stage; /* which the engine is in, for the person; static text */
    int64_t until_ms;  /* INT64_MAX: only for a reply */
    const char
        *why; /* STEP_WAIT: what is being waited for, for the person; static text; NULL: just an answer */
};

struct engine;

/* desired stays the caller's and must outlive the engine; its store's entries get their outcome. */
struct engine *engine_new(struct desired *desired, const struct engine_options *options, int64_t now_ms);
void engine_free(struct engine *engine);
void engine_next(struct engine *engine, int64_t now_ms, struct engine_step *ret);
/* The reply stays the caller's. */
void engine_answer(struct engine *engine, int64_t id, const struct reply *reply, int64_t now_ms);
/* Stops within seconds: what is open stays open and is told. The answer to what is being made is waited for a
 * moment, then the claim is given back, unless something may still come of what was sent. For signals. */
void engine_stop(struct engine *engine);
/* Something went out whose end is not known, or was left behind: the next run on this machine is to be told
 * of it (sync/journal.h). */
bool engine_uncertain(const struct engine *engine);
/* What happened; call once, after STEP_DONE. The caller releases it. */
void engine_outcome(struct engine *engine, struct sync_outcome *ret);

#endif
