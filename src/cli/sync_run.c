#include "cli/sync_run.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"
#include "cli/site_watch.h"
#include "cli/spool_folder.h"
#include "cli/talk.h"
#include "cli/trace.h"
#include "qtest/transport.h"
#include "sync/claim.h"
#include "sync/drive.h"
#include "sync/journal.h"

#define CONNECT_TIMEOUT_MS 15000
#define LOCK_RETRY_MS      200
#define TOLD_WAIT_MS       5000 /* a shorter one is nobody's concern but of who asks for all */

/* The process's own: which signal asked it to end. */
static volatile sig_atomic_t ended_by;

static void on_signal(int number)
{
    ended_by = number;
}

/* A second one ends the process at once, which is always safe. What was ignored at the start stays so: SIGHUP
 * under nohup, SIGINT in a shell's background. */
static void catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

static int64_t monotonic(void *self)
{
    (void)self;
    return clock_monotonic_ms();
}

static bool stopped(void *self)
{
    (void)self;
    return ended_by != 0;
}

static void asking(void *self, int64_t now_ms, bool stopped_now)
{
    const struct settings *settings = self;
    trace_asking(settings->tracing, now_ms, stopped_now);
}

static void sent(void *self, const struct drive_call *call)
{
    talk(self, TALK_DEBUG, "%s: call %" PRId64 ": %s %s (%zu bytes)%s", call->stage, call->id,
         http_method_name(call->request->method), call->request->path, call->request->body.length,
         call->attempt > 1 ? ", once more" : "");
}

static void answered(void *self, const struct drive_call *call, const struct reply *reply, int64_t now_ms)
{
    const struct settings *settings = self;
    const char *failure = !reply ? "no answer before the end" : reply->problem;
    _cleanup_free_ char *status = reply && reply->kind == REPLY_HTTP
                                      ? xasprintf("%d (%zu bytes)", reply->status, reply->body.length)
                                      : xstrdup(failure ? failure : "no answer");
    talk(settings, TALK_DEBUG, "%s: call %" PRId64 ": %s %s: %s after %" PRId64 " ms", call->stage, call->id,
         http_method_name(call->request->method), call->request->path, status, now_ms - call->sent_ms);
    trace_answered(settings->tracing, call, reply, now_ms);
}

static void waiting(void *self, const struct engine_step *step, int64_t now_ms)
{
    const struct settings *settings = self;
    int64_t delay_ms = step->until_ms - now_ms;
    if (delay_ms >= TOLD_WAIT_MS)
        talk(settings, TALK_WARNING, "waiting %" PRId64 " s for %s", delay_ms / 1000, step->why);
    else
        talk(settings, TALK_DEBUG, "%s: waiting %" PRId64 " ms for %s", step->stage, delay_ms, step->why);
    trace_waiting(settings->tracing, step, now_ms);
}

static uint64_t random_seed(void)
{
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
        seed = (uint64_t)clock_monotonic_ms();
    return seed;
}

struct engine_options sync_run_options(const struct settings *settings)
{
    return (struct engine_options){
        .claim = settings->claim == CLAIM_RULE_ON,
        .timeout_ms = settings->timeout_ms,
        .request_timeout_ms = settings->request_timeout_ms,
        .settle_ms = settings->settle_ms,
        .batch_logs = settings->batch_logs,
        .batch_bytes = settings->batch_bytes,
        .parallel = settings->parallel,
    };
}

/* Another process of this machine uploads the same: it is nearly always quicker to wait for it. False: it
 * still does. */
static bool open_journal(const struct settings *settings, uint64_t key, int64_t until_ms,
                         struct journal *journal)
{
    bool told = false;
    _cleanup_free_ char *folder = journal_folder(settings);
    journal_open(journal, folder, key);
    while (journal->state == JOURNAL_LOCKED) {
        if (!told)
            talk(settings, TALK_WARNING,
                 "waiting for another qtest-sync on this machine that uploads the same");
        told = true;
        if (ended_by || clock_monotonic_ms() >= until_ms)
            return false;
        journal_close(journal);
        usleep(LOCK_RETRY_MS * 1000);
        journal_open(journal, folder, key);
    }
    if (journal->state == JOURNAL_NONE)
        talk(settings, TALK_INFO, "%s; it is not needed, but saves time after a crash", journal->problem);
    return true;
}

/* Nothing was sent, so everything is to be kept. */
static void leave_all_open(const struct desired *desired, struct upload_result *result)
{
    struct sync_outcome *outcome = &result->outcome;
    int64_t count = (int64_t)desired->store->count;
    outcome->counts = (struct sync_counts){.read = count, .spooled = count};
    outcome->status = SYNC_STATUS_FAILED;
    result->ended_by = ended_by;
    if (!ended_by)
        error_set(&outcome->error, ERR_NETWORK,
                  "another qtest-sync on this machine is still uploading the same; run it again later");
}

static int open_transport(const struct settings *settings, struct transport **ret, struct error *err)
{
    const struct site site = {.url = settings->url,
                              .token = settings->token,
                              .ca_file = settings->ca_file,
                              .client_cert = settings->client_cert,
                              .client_key = settings->client_key,
                              .proxy = settings->proxy,
                              .connect_timeout_ms = CONNECT_TIMEOUT_MS};
    return transport_curl_new(&site, ret, err);
}

static void take_outcome(struct engine *engine, struct upload_result *result)
{
    struct sync_outcome before = result->outcome; /* warnings of the reading */
    engine_outcome(engine, &result->outcome);
    for (size_t i = 0; i < before.problem_count; i++)
        sync_outcome_problem(&result->outcome, before.problems[i].code, before.problems[i].results,
                             before.problems[i].text);
    sync_outcome_release(&before);
}

static void run_engine(const struct settings *settings, struct desired *desired, struct transport *transport,
                       const struct engine_options *options, int64_t began_ms, struct upload_result *result)
{
    const struct drive_hooks hooks = {.self = (void *)settings,
                                      .now_ms = monotonic,
                                      .stopped = stopped,
                                      .asking = asking,
                                      .sent = sent,
                                      .answered = answered,
                                      .waiting = waiting};
    struct engine *engine = engine_new(desired, options, began_ms);
    struct site_watch watch;
    site_watch_init(&watch, transport);
    drive(engine, &watch.transport, &hooks);
    take_outcome(engine, result);
    result->hopeless = site_watch_hopeless(&watch, result->outcome.error.code);
    result->unauthorized = watch.unauthorized;
    result->ended_by = ended_by;
    result->uncertain = engine_uncertain(engine);
    trace_end(settings->tracing, result);
    engine_free(engine);
}

int sync_run(const struct settings *settings, struct desired *desired, const struct engine_options *given,
             const char *named_project, int64_t began_ms, struct upload_result *result, struct error *err)
{
    struct transport *transport = NULL;
    struct journal journal = JOURNAL_INIT;
    struct engine_options options = *given;
    uint64_t key = journal_key(settings->url, named_project, claim_content(desired));
    options.wall_ms = clock_wall_ms() - (clock_monotonic_ms() - began_ms);
    options.seed = random_seed();
    catch_signals();
    int r = open_transport(settings, &transport, err);
    if (r == 0 && !options.plan_only &&
        !open_journal(settings, key, began_ms + settings->timeout_ms, &journal)) {
        leave_all_open(desired, result);
    } else if (r == 0) {
        const struct engine_journal hooks = journal_hooks(&journal);
        options.memory = &journal.memory;
        options.journal = options.plan_only ? NULL : &hooks;
        r = trace_begin(settings->tracing, desired, &options, began_ms, err);
        if (r == 0) {
            run_engine(settings, desired, transport, &options, began_ms, result);
            journal_finish(&journal, !result->uncertain);
        }
    }
    journal_close(&journal);
    transport_free(transport);
    return r;
}
