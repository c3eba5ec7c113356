#include "report/verdict_name.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define WORDS_MAX      6
#define NAME_MAX_BYTES 64

/* A name in small letters, the words one after another. */
struct spelled {
    char letters[NAME_MAX_BYTES];
    size_t begin[WORDS_MAX + 1]; /* of each word; one more than words */
    size_t count;
};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "assertionFailure", "HTTPError" and "FAILURE": a capital begins a word behind a small letter, and before
 * one. */
static bool begins_word(const char *name, const char *at)
{
    if (at == name)
        return true;
    bool after_small = ascii_alnum(at[-1]) && !is_capital(at[-1]);
    bool before_small = is_capital(at[-1]) && at[1] && ascii_alnum(at[1]) && !is_capital(at[1]);
    return !ascii_alnum(at[-1]) || (is_capital(*at) && (after_small || before_small));
}

/* False when the name is longer than any that says something. */
static bool take_apart(const char *name, struct spelled *ret)
{
    size_t length = 0;
    ret->count = 0;
    for (const char *at = name; *at; at++) {
        if (ascii_digit(*at) || *at == '-' || *at == '_' || *at == '.')
            continue;
        if (!ascii_alnum(*at) || length == NAME_MAX_BYTES)
            return false;
        if (begins_word(name, at)) {
            if (ret->count == WORDS_MAX)
                return false;
            ret->begin[ret->count++] = length;
        }
        ret->letters[length++] = ascii_lower(*at);
    }
    ret->begin[ret->count] = length;
    return ret->count > 0;
}

static bool word_is_one_of(const struct spelled *s, size_t word, const char *const *list, size_t count)
{
    const char *begin = s->letters + s->begin[word];
    size_t size = s->begin[word + 1] - s->begin[word];
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == size && memcmp(list[i], begin, size) == 0)
            return true;
    return false;
}

static bool is_verdict(const struct verdict_word *word)
{
    return word &&
           (word->meaning == SAYS_SKIPPED || word->meaning == SAYS_FAILED || word->meaning == SAYS_ERROR);
}

/* "failure", "failures", "crashes". */
static bool find_verdict(const char *letters, size_t size, struct verdict_name *ret)
{
    const struct verdict_word *word = status_word_find(letters, size);
    if (!is_verdict(word) && size > 2 && letters[size - 1] == 's') {
        word = status_word_find(letters, size - 1);
        if (!is_verdict(word) && letters[size - 2] == 'e')
            word = status_word_find(letters, size - 2);
        ret->list = ret->needs_text = true;
    }
    if (!is_verdict(word))
        return false;
    ret->kind = NAME_VERDICT;
    ret->meaning = word->meaning;
    ret->setting = text_starts(word->word, "time");
    return true;
}

/* Words that may stand before a status word without changing what it says. */
static const char *const before[] = {
    "test",     "case",       "step", "assert", "assertion", "verification", "fatal",  "runtime", "unhandled",
    "uncaught", "unexpected", "hook", "setup",  "teardown",  "fixture",      "script", "soft"};
static const char *const asks[] = {"is", "has", "was"};
static const char *const behind[] = {"message", "reason", "info", "detail", "details", "description"};
static const char *const attempts[] = {"rerun",    "reruns", "retry",    "retries", "retried", "attempt",
                                       "attempts", "flaky",  "previous", "earlier", "history"};
static const char *const holders[] = {"status", "result", "outcome", "state", "verdict", "conclusion"};

static bool read_words(const struct spelled *s, size_t first, size_t end, struct verdict_name *ret)
{
    const char *letters = s->letters + s->begin[first];
    if (find_verdict(letters, s->begin[end] - s->begin[first], ret))
        return true;
    *ret = (struct verdict_name){.attempt = ret->attempt, .needs_text = false};
    if (end - first < 2)
        return false;
    if (word_is_one_of(s, end - 1, behind, ARRAY_SIZE(behind))) {
        bool found = read_words(s, first, end - 1, ret);
        ret->needs_text = true;
        return found;
    }
    bool question = word_is_one_of(s, first, asks, ARRAY_SIZE(asks));
    if (!question && !word_is_one_of(s, first, before, ARRAY_SIZE(before)))
        return false;
    bool found = read_words(s, first + 1, end, ret);
    ret->needs_text |= question;
    return found;
}

static bool is_holder(const struct spelled *s)
{
    if (s->count > 2 || !word_is_one_of(s, s->count - 1, holders, ARRAY_SIZE(holders)))
        return false;
    return s->count == 1 || word_is_one_of(s, 0, before, 2); /* <test-result>, <caseStatus> */
}

void verdict_name_read(const char *name, struct verdict_name *ret)
{
    struct spelled s;
    *ret = (struct verdict_name){.kind = NAME_ELSE};
    if (!take_apart(name, &s))
        return;
    size_t first = 0;
    while (first < s.count && word_is_one_of(&s, first, attempts, ARRAY_SIZE(attempts)))
        first++;
    ret->attempt = first > 0;
    if (first < s.count && read_words(&s, first, s.count, ret))
        return;
    *ret = (struct verdict_name){.kind = is_holder(&s) ? NAME_HOLDER : NAME_ELSE};
    for (size_t i = 0; i < s.count; i++)
        if (word_is_one_of(&s, i, attempts, ARRAY_SIZE(attempts)))
            ret->kind = NAME_ATTEMPTS;
}

bool verdict_text_denies(const struct verdict_name *name, const char *text, size_t size)
{
    static const char *const no[] = {"0", "false", "no", "none", "null", "nil", "n/a", "-", "[]", "{}"};
    if (size == 0)
        return name->needs_text;
    if (name->setting && ascii_digit(*text))
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(no); i++)
        if (strlen(no[i]) == size && text_starts_nocase(text, no[i]))
            return true;
    return false;
}
