/* flush: what the spool holds for this site goes to qTest, oldest first, by the same engine. An entry in other
 * hands is passed by: what later ones say of the same results is joined with it in any order. */
#include "cli/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/exit_code.h"
#include "cli/show.h"
#include "cli/spool_folder.h"
#include "cli/sync_run.h"
#include "cli/talk.h"
#include "sync/spool.h"

struct flush {
    const struct settings *settings;
    char *folder;
    struct buf out;
    struct json_writer json; /* of out, with --output json */
    int code;
    size_t seen;  /* entries of this site, also those in other hands */
    bool stopped; /* the rest is not tried */
};

static bool is_json(const struct flush *flush)
{
    return flush->settings->output == OUTPUT_JSON;
}

static void note_code(struct flush *flush, int code)
{
    flush->code = exit_code_worse(flush->code, code);
}

static struct engine_options options_of(const struct flush *flush, const struct spool_facts *facts)
{
    struct engine_options options = sync_run_options(flush->settings);
    options.project = facts->project ? facts->project : flush->settings->project;
    options.cycle = facts->cycle;
    options.release = facts->release;
    options.root_module = facts->root_module;
    options.build_url = facts->build_url;
    options.build_number = facts->build_number;
    options.place_named = facts->place_named;
    options.older = facts->older == ENGINE_OLDER_SKIP ? ENGINE_OLDER_SKIP : ENGINE_OLDER_SEND;
    for (size_t i = 0; i < RESULT_STATUS_COUNT; i++)
        options.status_word[i] = facts->status_word[i];
    return options;
}

static int send(struct flush *flush, struct spool_entry *entry, struct upload_result *result,
                struct error *err)
{
    struct desired desired;
    const struct desired_options options = {.job = entry->facts.job,
                                            .suite = entry->facts.suite,
                                            .content_template = entry->facts.content_template,
                                            .repeats = (enum repeats)entry->facts.repeats,
                                            .fallback_start_ms = entry->facts.fallback_start_ms};
    const struct engine_options run_options = options_of(flush, &entry->facts);
    int r = desired_build(&desired, &entry->store, entry->reports, entry->report_count, &options, err);
    const char *named = entry->facts.named_project ? entry->facts.named_project : run_options.project;
    if (r == 0)
        r = sync_run(flush->settings, &desired, &run_options, named, clock_monotonic_ms(), result, err);
    desired_release(&desired);
    return r;
}

static void show_one(struct flush *flush, const struct spool_entry *entry, const struct upload_result *result)
{
    if (!is_json(flush)) {
        buf_printf(&flush->out, "%s\n", entry->name);
        outcome_text_write(&flush->out, result, settings_use_color(flush->settings, STDOUT_FILENO));
        return;
    }
    _cleanup_(buf_release) struct buf outcome = BUF_UNBOUNDED;
    outcome_json_write(&outcome, result);
    json_object(&flush->json, NULL);
    json_string(&flush->json, "entry", entry->name);
    json_string(&flush->json, "job", entry->facts.job);
    json_raw(&flush->json, "outcome", outcome.bytes, outcome.length - 1); /* without its line end */
    json_end(&flush->json);
}

/* Everything is in, or refused for good: nothing is left to try. */
static bool settled(const struct sync_outcome *outcome)
{
    return outcome->error.code == ERR_NONE && outcome->counts.spooled == 0;
}

/* Often the only copy there is: where the cause can be mended, it can be sent again. */
static void keep_refused(struct spool_entry *entry, struct sync_outcome *outcome)
{
    _cleanup_free_ char *path = spool_keep_refused(entry);
    _cleanup_free_ char *text =
        path
            ? xasprintf(
                  "the entry is set aside as '%s'; when what qTest refused has been mended, take '.refused' "
                  "off its name and flush again, or delete it",
                  path)
            : xasprintf("'%s' cannot be set aside: %s; it will be tried again", entry->name, strerror(errno));
    sync_outcome_problem(outcome, ERR_NONE, outcome->counts.refused, text);
}

static void count_all_as_kept(const struct spool_entry *entry, struct sync_outcome *outcome)
{
    int64_t count = (int64_t)entry->store.count;
    outcome->counts = (struct sync_counts){.read = count, .spooled = count};
}

static void flush_entry(struct flush *flush, struct spool_entry *entry)
{
    struct upload_result result = UPLOAD_RESULT_INIT;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    if (send(flush, entry, &result, &err) < 0) {
        count_all_as_kept(entry, &result.outcome);
        flush->stopped = err.code == ERR_USAGE; /* a certificate */
        error_move(&result.outcome.error, &err);
    } else if (result.outcome.status == SYNC_STATUS_FAILED && result.outcome.counts.spooled) {
        result.outcome.status = SYNC_STATUS_SPOOLED;
    }
    flush->stopped |= result.hopeless || result.ended_by;
    if (!settled(&result.outcome))
        spool_keep(entry);
    else if (result.outcome.counts.refused)
        keep_refused(entry, &result.outcome);
    else
        spool_remove(entry);
    note_code(flush, outcome_exit_code(flush->settings, &result));
    if (result.outcome.error.code)
        talk_error(result.outcome.error.text);
    show_one(flush, entry, &result);
    sync_outcome_release(&result.outcome);
}

/* Asking again for each entry would take minutes where the site is away, and lock the user out where the
 * token is wrong. */
static void pass_over(struct flush *flush, const struct spool_entry *entry)
{
    struct upload_result result = UPLOAD_RESULT_INIT;
    count_all_as_kept(entry, &result.outcome);
    result.outcome.status = SYNC_STATUS_SPOOLED;
    sync_outcome_problem(&result.outcome, ERR_NONE, result.outcome.counts.read,
                         "not tried after what ended the upload before; they stay in the spool as they are");
    show_one(flush, entry, &result);
    sync_outcome_release(&result.outcome);
}

static void list_entry(struct flush *flush, const struct spool_entry *entry)
{
    if (is_json(flush)) {
        json_object(&flush->json, NULL);
        json_string(&flush->json, "entry", entry->name);
        json_string(&flush->json, "job", entry->facts.job);
        json_string(&flush->json, "site", entry->facts.site);
        json_string(&flush->json, "project", entry->facts.project);
        json_integer(&flush->json, "results", (int64_t)entry->store.count);
        json_end(&flush->json);
    } else {
        _cleanup_free_ char *job = text_printable(entry->facts.job);
        _cleanup_free_ char *results = text_counted((int64_t)entry->store.count, "result", "results");
        buf_printf(&flush->out, "%s  %s of '%s' for %s\n", entry->name, results, job, entry->facts.site);
    }
}

/* An entry of another version. */
static void name_foreign(struct flush *flush, const char *name, const char *why)
{
    if (!flush->settings->list) {
        talk(flush->settings, TALK_WARNING, "%s", why);
    } else if (is_json(flush)) {
        json_object(&flush->json, NULL);
        json_string(&flush->json, "entry", name);
        json_string(&flush->json, "problem", why);
        json_end(&flush->json);
    } else {
        buf_printf(&flush->out, "%s\n", why);
    }
}

static bool of_this_site(const struct flush *flush, const struct spool_entry *entry)
{
    return flush->settings->list || text_equal(entry->facts.site, flush->settings->url);
}

static void handle(struct flush *flush, const char *name)
{
    struct spool_entry entry;
    _cleanup_(error_release) struct error err = ERROR_INIT;
    int r = flush->settings->list || flush->stopped ? spool_look(&entry, flush->folder, name, &err)
                                                    : spool_open(&entry, flush->folder, name, &err);
    flush->seen += r < 0 || of_this_site(flush, &entry);
    if (r == -ERR_BUSY) {
        talk(flush->settings, TALK_WARNING, "%s", err.text); /* in good hands */
    } else if (r == -ERR_FOREIGN) {
        name_foreign(flush, name, err.text);
    } else if (r < 0) {
        talk_error(err.text);
        note_code(flush, exit_code_of(err.code));
    } else if (!of_this_site(flush, &entry)) {
        talk(flush->settings, TALK_INFO, "'%s' is for %s and stays", name, entry.facts.site);
    } else if (flush->settings->list) {
        list_entry(flush, &entry);
    } else if (flush->stopped) {
        pass_over(flush, &entry);
    } else {
        flush_entry(flush, &entry);
    }
    spool_close(&entry);
}

static void tell_damaged(struct flush *flush, const struct spool_list *list)
{
    for (size_t i = 0; i < list->damaged.count; i++)
        talk(flush->settings, TALK_WARNING, "'%s/%s' was set aside as damaged", flush->folder,
             list->damaged.items[i]);
}

/* Results that are older than the user cares for are not sent any more. */
static int trim_spool(const struct flush *flush, struct error *err)
{
    struct text_list told = {0};
    const struct spool_bounds bounds = spool_bounds_of(flush->settings);
    int r = flush->settings->list ? 0 : spool_trim(flush->folder, &bounds, NULL, clock_wall_ms(), &told, err);
    for (size_t i = 0; i < told.count; i++)
        talk(flush->settings, TALK_WARNING, "%s", told.items[i]);
    text_list_release(&told);
    return r;
}

static int flush_all(struct flush *flush, struct error *err)
{
    struct spool_list list;
    int r = trim_spool(flush, err);
    if (r == 0)
        r = spool_list_read(flush->folder, &list, err);
    if (r < 0)
        return r;
    if (!flush->settings->list)
        spool_sweep(flush->folder, clock_wall_ms());
    if (is_json(flush))
        json_array(&flush->json, NULL);
    tell_damaged(flush, &list);
    for (size_t i = 0; i < list.names.count; i++)
        handle(flush, list.names.items[i]);
    if (is_json(flush)) {
        json_end(&flush->json);
        buf_putc(&flush->out, '\n');
    } else if (flush->seen == 0) {
        buf_puts(&flush->out, "the spool holds nothing for this site\n");
    }
    spool_list_release(&list);
    return stdout_write(&flush->out, err);
}

int command_flush(const struct settings *settings, struct error *err)
{
    struct flush flush = {.settings = settings, .folder = spool_folder(settings), .out = BUF_UNBOUNDED};
    json_writer_init(&flush.json, &flush.out);
    int r = flush_all(&flush, err);
    buf_release(&flush.out);
    free(flush.folder);
    return r < 0 ? exit_code_worse(flush.code, exit_code_of(err->code)) : flush.code;
}
