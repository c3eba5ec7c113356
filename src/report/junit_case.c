#include "report/junit_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "report/junit_time.h"

void junit_case_init(struct junit_case *c)
{
    *c = (struct junit_case){.arena = ARENA_INIT};
    junit_verdict_init(&c->verdict);
}

void junit_case_release(struct junit_case *c)
{
    arena_release(&c->arena);
    junit_verdict_release(&c->verdict);
    free(c->steps);
    free(c->attachments);
    free(c->requirements);
}

void junit_case_begin(struct junit_case *c, int64_t line)
{
    arena_reset(&c->arena);
    junit_verdict_clear(&c->verdict);
    c->line = line;
    c->name = c->class_name = c->php_class = NULL;
    c->said = (struct junit_said){.word = NULL};
    c->target = (struct junit_target){0};
    c->start = REPORT_INSTANT_NONE;
    c->duration_ms = TIME_NONE;
    c->step_count = c->attachment_count = c->requirement_count = 0;
}

static void take_duration(struct junit_case *c, struct junit_notes *notes, const char *value, size_t size)
{
    enum junit_time how = junit_parse_duration(value, size, &c->duration_ms);
    if (how == JUNIT_TIME_BAD)
        junit_note(notes, NOTE_BAD_TIME, c->line, value, size);
    else if (how == JUNIT_TIME_NEGATIVE)
        junit_note(notes, NOTE_NEGATIVE_TIME, c->line, value, size);
}

static bool one_of(const char *value, size_t size, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == size && text_starts_nocase(value, words[i]))
            return true;
    return false;
}

void junit_case_word(struct junit_case *c, const char *word, size_t size, const char *element)
{
    struct junit_said *said = &c->said;
    text_trim(&word, &size);
    if (size == 0)
        return;
    const struct verdict_word *known = status_word_find(word, size);
    size_t kept = utf8_cut(word, size, STATUS_WORD_MAX_BYTES);
    if (!known) {
        said->unknown = said->unknown ? said->unknown : arena_text(&c->arena, word, kept);
        return;
    }
    said->unfinished |= known->meaning == SAYS_UNFINISHED;
    bool worse = known->meaning > said->meaning;
    bool says_more = known->meaning == said->meaning && said->plain && !known->plain;
    if (said->word && !worse && !says_more)
        return;
    said->word = arena_text(&c->arena, word, kept);
    said->meaning = known->meaning;
    said->plain = known->plain;
    said->element = element;
}

/* Attributes that answer with yes or no, or count, or give the reason, as words: executed="False",
 * skipped="1", ignored="not on Linux". */
static void take_answer(struct junit_case *c, enum junit_attribute attribute, const char *value, size_t size)
{
    static const char *const no[] = {"", "0", "false", "no", "none", "null"};
    static const char *const yes[] = {"1", "true", "yes"};
    static const struct {
        const char *yes;
        const char *no;
    } words[] = {
        [ATTRIBUTE_EXECUTED] = {NULL, "not executed"}, [ATTRIBUTE_SUCCESS] = {NULL, "failed"},
        [ATTRIBUTE_FAILURES] = {"failed", NULL},       [ATTRIBUTE_ERRORS] = {"error", NULL},
        [ATTRIBUTE_SKIPPED] = {"skipped", NULL},       [ATTRIBUTE_IGNORED] = {"ignored", NULL},
        [ATTRIBUTE_DISABLED] = {"disabled", NULL},
    };
    bool denied = one_of(value, size, no, ARRAY_SIZE(no));
    const char *word = denied ? words[attribute].no : words[attribute].yes;
    bool other = !denied && !words[attribute].yes && !one_of(value, size, yes, ARRAY_SIZE(yes));
    if (size && word)
        junit_case_word(c, word, strlen(word), NULL);
    else if (other)
        junit_case_word(c, value, size, NULL);
}

static void take_start(struct junit_case *c, struct junit_notes *notes, struct report_times *times,
                       const char *value, size_t size)
{
    struct time_stamp stamp;
    if (junit_parse_instant(value, size, &stamp) == JUNIT_TIME_BAD)
        junit_note(notes, NOTE_BAD_INSTANT, c->line, value, size);
    c->start = report_times_instant(times, stamp, TIMES_START);
}

void junit_case_attribute(struct junit_case *c, struct junit_notes *notes, struct report_times *times,
                          enum junit_attribute attribute, const char *value, size_t size)
{
    switch (attribute) {
    case ATTRIBUTE_NAME:
        c->name = arena_text(&c->arena, value, size);
        break;
    case ATTRIBUTE_CLASSNAME:
        c->class_name = arena_text(&c->arena, value, size);
        break;
    case ATTRIBUTE_CLASS:
        c->php_class = arena_text(&c->arena, value, size);
        break;
    case ATTRIBUTE_STATUS:
        junit_case_word(c, value, size, NULL);
        break;
    case ATTRIBUTE_EXECUTED:
    case ATTRIBUTE_SUCCESS:
    case ATTRIBUTE_FAILURES:
    case ATTRIBUTE_ERRORS:
    case ATTRIBUTE_SKIPPED:
    case ATTRIBUTE_IGNORED:
    case ATTRIBUTE_DISABLED:
        take_answer(c, attribute, value, size);
        break;
    case ATTRIBUTE_TIME:
        take_duration(c, notes, value, size);
        break;
    case ATTRIBUTE_PLATFORM:
    case ATTRIBUTE_BROWSER:
    case ATTRIBUTE_DEVICE:
        junit_target_attribute(&c->arena, &c->target, attribute, value, size);
        break;
    case ATTRIBUTE_TIMESTAMP:
        take_start(c, notes, times, value, size);
        break;
    default:
        break;
    }
}

/* What the test's words decide where no element does. TestProject has a fixed set of words, so that one
 * outside of it leaves the verdict open. */
static enum result_status decide_by_words(const struct junit_case *c, bool from_testproject,
                                          struct junit_notes *notes)
{
    const struct junit_said *said = &c->said;
    const char *odd = said->unknown                                                     ? said->unknown
                      : from_testproject && said->word && said->meaning == SAYS_NOTHING ? said->word
                                                                                        : NULL;
    bool open = said->meaning <= SAYS_PASSED;
    if (odd)
        junit_note(notes, open && from_testproject ? NOTE_UNKNOWN_RESULT : NOTE_UNKNOWN_WORD, c->line, odd,
                   strlen(odd));
    if (open)
        return odd && from_testproject ? RESULT_SKIPPED : RESULT_PASSED;
    if (said->meaning >= SAYS_FAILED)
        junit_note(notes, NOTE_STATUS_WORD, c->line, said->word, strlen(said->word));
    else if (said->meaning == SAYS_UNDECIDED)
        junit_note(notes, NOTE_UNKNOWN_RESULT, c->line, said->word, strlen(said->word));
    else if (said->meaning == SAYS_UNFINISHED && !from_testproject)
        junit_note(notes, NOTE_UNFINISHED, c->line, said->word, strlen(said->word));
    else if (said->element)
        junit_note(notes, NOTE_LIKE_SKIP, c->line, said->element, strlen(said->element));
    return status_of_meaning(said->meaning);
}

static enum result_status decide(const struct junit_case *c, bool from_testproject, struct junit_notes *notes)
{
    const struct junit_said *said = &c->said;
    enum result_status status;
    if (!junit_verdict_status(&c->verdict, &status))
        return said->word || said->unknown ? decide_by_words(c, from_testproject, notes) : RESULT_PASSED;
    if (said->unknown)
        junit_note(notes, NOTE_UNKNOWN_WORD, c->line, said->unknown, strlen(said->unknown));
    if (status == RESULT_SKIPPED && said->meaning >= SAYS_FAILED)
        junit_note(notes, NOTE_FAILED_SKIP, c->line, said->word, strlen(said->word));
    return status;
}

/* The report's own word, where it says more than the status does. */
static const char *own_word(const struct junit_said *said, enum result_status status)
{
    bool failed = status == RESULT_FAILED || status == RESULT_ERROR;
    bool same = said->meaning >= SAYS_FAILED ? failed : status_of_meaning(said->meaning) == status;
    return said->word && !said->plain && same && said->meaning != SAYS_NOTHING ? said->word : said->unknown;
}

/* The class without the target that the surroundings or the test itself name; NULL when it does not hold it.
 */
static const char *class_without_target(struct junit_case *c, const char *class_name,
                                        const struct junit_place *place)
{
    const char *rest =
        junit_class_without_target(&c->arena, class_name, place->suite_target, place->suite_is_target);
    return rest ? rest : junit_class_without_target(&c->arena, class_name, c->target.text, false);
}

/* TestProject: target and name (true). Others: class name, else the nearest named suite, and name. */
static bool identify(struct junit_case *c, const struct junit_place *place, struct test_result *ret)
{
    const char *given = text_empty(c->class_name) ? c->php_class : c->class_name;
    const char *rest = text_empty(given) ? NULL : class_without_target(c, given, place);
    const char *target = NULL;
    bool class_of_testproject = false;
    if (!rest)
        target = junit_target_in_class(&c->arena, given, &rest, &class_of_testproject);
    ret->class_name = text_empty(rest) ? NULL : rest;
    bool testproject = !ret->class_name && (target ? class_of_testproject : place->testproject);
    ret->suite_name = ret->class_name || testproject ? NULL : place->suite_name;
    ret->target = c->target.text        ? c->target.text
                  : target              ? target
                  : place->suite_target ? place->suite_target
                                        : place->given_target;
    ret->name = text_empty(c->name) ? JUNIT_UNNAMED : c->name;
    return testproject;
}

static void finish_steps(struct junit_case *c, enum result_status status)
{
    for (size_t i = 0; i < c->step_count; i++) {
        bool stated = c->steps[i].number < 0;
        c->steps[i].number = (int64_t)i + 1;
        /* A step that says nothing of itself passed only if the whole test did. */
        if (!stated)
            c->steps[i].status = status == RESULT_PASSED ? RESULT_PASSED : RESULT_SKIPPED;
    }
}

static void tell_verdict(struct junit_case *c, struct junit_notes *notes, struct test_result *result)
{
    struct junit_verdict *v = &c->verdict;
    result->message = junit_verdict_message(v, result->status);
    if (result->status != RESULT_SKIPPED && v->skip_message.length)
        junit_verdict_add_detail(v, "Also marked as skipped: ", buf_text(&v->skip_message));
    if (v->dropped_bytes)
        junit_note(notes, NOTE_TEXT_CUT, c->line, result->name, strlen(result->name));
    result->details = junit_verdict_details(v);
}

static void set_start(struct test_result *result, const struct report_instant *start)
{
    result->start_ms = start->ms;
    result->start_moved_ms = start->moved_ms;
    result->start_without_zone = start->without_zone;
    result->times_altered = start->guessed;
}

void junit_place_start(const struct junit_place *place, const struct report_times *times, int64_t duration_ms,
                       struct test_result *ret)
{
    set_start(ret, &place->start);
    if (place->start.ms == TIME_NONE)
        return;
    int64_t took_ms = duration_ms != TIME_NONE ? duration_ms : 0;
    bool past = place->start.ms + place->passed.ms + took_ms <= times->latest_ms;
    int64_t passed_ms = past ? place->passed.ms : 0;
    ret->start_ms += passed_ms;
    ret->start_moved_ms += passed_ms - place->passed.written_ms;
    ret->times_altered |= passed_ms != place->passed.written_ms;
}

static void finish_times(struct junit_case *c, const struct junit_place *place, struct report_times *times)
{
    struct test_result *result = &c->result;
    bool own = c->start.ms != TIME_NONE;
    int64_t since_ms = own ? c->start.ms : place->start.ms;
    c->lasted_ms = report_times_duration(times, since_ms, c->duration_ms, result->name);
    if (own)
        set_start(result, &c->start);
    else
        junit_place_start(place, times, c->lasted_ms, result);
    bool started = result->start_ms != TIME_NONE;
    int64_t end_ms = started && c->lasted_ms != TIME_NONE ? result->start_ms + c->lasted_ms : TIME_NONE;
    result->duration_ms = started ? c->duration_ms : c->lasted_ms;
    result->end_ms = report_times_end(times, result->start_ms, end_ms);
    result->times_altered |= result->end_ms != end_ms || c->lasted_ms != c->duration_ms;
}

struct junit_passed junit_case_took(const struct junit_case *c)
{
    bool written = c->duration_ms != TIME_NONE && c->duration_ms < TIMES_YEAR_MS;
    return (struct junit_passed){.ms = c->lasted_ms != TIME_NONE ? c->lasted_ms : 0,
                                 .written_ms = written ? c->duration_ms : 0};
}

bool junit_case_finish(struct junit_case *c, const struct junit_place *place, struct junit_notes *notes,
                       struct report_times *times)
{
    struct test_result *result = &c->result; /* what is not set here is never set: JUnit has no such thing */
    result->line = c->line;
    c->from_testproject = identify(c, place, result);
    result->status = decide(c, c->from_testproject, notes);
    result->status_word = own_word(&c->said, result->status);
    if (text_empty(c->name))
        junit_note(notes, NOTE_UNNAMED, c->line, result->name, strlen(result->name));
    /* A test that failed in spite of it tells of the other attempts in its details only. */
    result->rerun_count = c->verdict.reruns;
    result->final_stated = c->verdict.flaky > 0 || c->verdict.reruns > 0;
    result->flaky = result->final_stated && result->status == RESULT_PASSED;
    finish_times(c, place, times);
    result->message = result->details = NULL;
    if (c->verdict.used)
        tell_verdict(c, notes, result);
    finish_steps(c, result->status);
    result->steps = c->steps;
    result->step_count = c->step_count;
    result->attachments = c->attachments;
    result->attachment_count = c->attachment_count;
    result->requirements = c->requirements;
    result->requirement_count = c->requirement_count;
    return !c->from_testproject || !c->said.unfinished;
}
