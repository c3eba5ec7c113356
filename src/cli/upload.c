/* upload and plan: settings and reports into the engine, the engine over libcurl, the outcome back. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/commands.h"
#include "cli/reading.h"
#include "cli/talk.h"
#include "qtest/transport.h"
#include "sync/desired.h"
#include "sync/drive.h"
#include "sync/claim.h"
#include "sync/engine.h"
#include "sync/journal.h"

#define CONNECT_TIMEOUT_MS 15000
#define LOCK_RETRY_MS      200

/* The process's own: which signal asked it to end. */
static volatile sig_atomic_t ended_by;

static void on_signal(int number)
{
    ended_by = number;
}

/* A second one ends the process at once, which is always safe. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
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

static void tell_sent(void *self, const struct request *request)
{
    talk(self, TALK_DEBUG, "%s %s (%zu bytes)", http_method_name(request->method), request->path,
         request->body.length);
}

static void tell_waiting(void *self, const char *why, int64_t delay_ms)
{
    if (delay_ms >= 5000)
        talk(self, TALK_WARNING, "waiting %" PRId64 " s for %s", delay_ms / 1000, why);
}

static uint64_t random_seed(void)
{
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
        seed = (uint64_t)clock_monotonic_ms();
    return seed;
}

static enum repeats repeats_of(const struct settings *settings)
{
    static const enum repeats rules[] = {[REPEATS_AUTO] = REPEATS_DEFAULT,
                                         [REPEATS_EACH] = REPEATS_SEND_EACH,
                                         [REPEATS_WORST] = REPEATS_SEND_WORST,
                                         [REPEATS_LAST] = REPEATS_SEND_LAST};
    return rules[settings->repeats];
}

/* Another process of this machine uploads the same: it is nearly always quicker to wait for it. */
static int open_journal(const struct settings *settings, uint64_t key, struct journal *journal,
                        struct error *err)
{
    int64_t until_ms = clock_monotonic_ms() + settings->timeout_ms;
    bool told = false;
    journal_open(journal, settings->state_dir, key);
    while (journal->state == JOURNAL_LOCKED) {
        if (!told)
            talk(settings, TALK_WARNING,
                 "waiting for another qtest-sync on this machine that uploads the same");
        told = true;
        if (ended_by || clock_monotonic_ms() >= until_ms)
            return error_set(
                err, ERR_NETWORK,
                "another qtest-sync on this machine is still uploading the same; run it again later");
        journal_close(journal);
        usleep(LOCK_RETRY_MS * 1000);
        journal_open(journal, settings->state_dir, key);
    }
    if (journal->state == JOURNAL_NONE)
        talk(settings, TALK_INFO, "%s; it is not needed, but saves time after a crash", journal->problem);
    return 0;
}

static struct engine_options engine_options_of(const struct settings *settings, bool plan_only)
{
    return (struct engine_options){
        .project = settings->project,
        .cycle = settings->cycle,
        .release = settings->release,
        .root_module = settings->module,
        .build_url = settings->build_url,
        .status_word = {[RESULT_PASSED] = settings->status_words.passed,
                        [RESULT_FAILED] = settings->status_words.failed,
                        [RESULT_ERROR] = settings->status_words.failed,
                        [RESULT_SKIPPED] = settings->status_words.skipped},
        .older = settings->older == OLDER_SKIP ? ENGINE_OLDER_SKIP : ENGINE_OLDER_SEND,
        .plan_only = plan_only,
        .claim = settings->claim == CLAIM_RULE_ON,
        .timeout_ms = settings->timeout_ms,
        .request_timeout_ms = settings->request_timeout_ms,
        .settle_ms = settings->settle_ms,
        .batch_logs = settings->batch_logs,
        .batch_bytes = settings->batch_bytes,
        .parallel = settings->parallel,
        .wall_ms = clock_wall_ms(),
        .seed = random_seed(),
    };
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
                       const struct engine_options *options, struct upload_result *result)
{
    const struct drive_hooks hooks = {.self = (void *)settings,
                                      .now_ms = monotonic,
                                      .stopped = stopped,
                                      .sent = tell_sent,
                                      .waiting = tell_waiting};
    struct engine *engine = engine_new(desired, options, clock_monotonic_ms());
    drive(engine, transport, &hooks);
    take_outcome(engine, result);
    result->ended_by = ended_by;
    result->uncertain = engine_uncertain(engine);
    engine_free(engine);
}

static int apply(const struct settings *settings, struct desired *desired, bool plan_only,
                 struct upload_result *result, struct error *err)
{
    struct transport *transport = NULL;
    struct journal journal = JOURNAL_INIT;
    struct engine_options options = engine_options_of(settings, plan_only);
    uint64_t key = journal_key(settings->url, settings->project, claim_content(desired));
    catch_signals();
    int r = open_transport(settings, &transport, err);
    if (r == 0 && !plan_only)
        r = open_journal(settings, key, &journal, err);
    if (r == 0) {
        const struct engine_journal hooks = journal_hooks(&journal);
        options.memory = &journal.memory;
        options.journal = plan_only ? NULL : &hooks;
        run_engine(settings, desired, transport, &options, result);
        journal_finish(&journal, !result->uncertain);
    }
    journal_close(&journal);
    transport_free(transport);
    return r;
}

static int sync_reading(const struct settings *settings, struct reading *reading, bool plan_only,
                        struct upload_result *result, struct error *err)
{
    struct desired desired;
    const struct desired_options options = {
        .job = reading->job,
        .content_template = settings->automation_content,
        .repeats = repeats_of(settings),
        .fallback_start_ms = settings->ci.started_ms != TIME_NONE ? settings->ci.started_ms : clock_wall_ms(),
    };
    int r = desired_build(&desired, &reading->store, reading->reports, reading->count, &options, err);
    if (r == 0)
        r = apply(settings, &desired, plan_only, result, err);
    desired_release(&desired);
    return r;
}

static void run(const struct settings *settings, char *const *reports, size_t report_count, bool plan_only,
                struct upload_result *result)
{
    struct reading reading;
    struct error err = ERROR_INIT;
    int r = reading_run(&reading, settings, reports, report_count, result, &err);
    if (r == 0 && reading.store.count == 0)
        result->outcome.status = plan_only ? SYNC_STATUS_PLANNED : SYNC_STATUS_DONE;
    else if (r == 0)
        r = sync_reading(settings, &reading, plan_only, result, &err);
    if (r < 0)
        error_move(&result->outcome.error, &err);
    reading_release(&reading);
}

void command_upload(const struct settings *settings, char *const *reports, size_t report_count,
                    struct upload_result *result)
{
    run(settings, reports, report_count, false, result);
}

void command_plan(const struct settings *settings, char *const *reports, size_t report_count,
                  struct upload_result *result)
{
    run(settings, reports, report_count, true, result);
}
