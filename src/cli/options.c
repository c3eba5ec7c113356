/* Looking things up in the option table, and reading a command line by it. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

int option_find(const char *name)
{
    for (size_t i = 0; i < option_count; i++)
        if (text_equal(option_table[i].name, name))
            return (int)i;
    return -1;
}

int option_find_letter(char letter)
{
    for (size_t i = 0; i < option_count; i++)
        if (letter && option_table[i].letter == letter)
            return (int)i;
    return -1;
}

char *option_variable(const struct option *option)
{
    char *variable = xasprintf("QTEST_%s", option->name);
    for (char *c = variable; *c; c++) {
        if (*c == '-')
            *c = '_';
        else if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
    return variable;
}

char *option_choice(const struct option *option, int k)
{
    const char *word = option->choices;
    while (word && k-- > 0) {
        word = strchr(word, '|');
        if (word)
            word++;
    }
    return word ? xstrndup(word, strcspn(word, "|")) : NULL;
}

/* Steps (insert, delete, replace, swap of neighbours) from one word to the other; words here are short. */
#define WORD_MAX 40
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    size_t n = strlen(a), m = strlen(b);
    if (n > WORD_MAX || m > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= m; j++)
        last[j] = j;
    for (size_t i = 1; i <= n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = best < last[j] + 1 ? best : last[j] + 1;
            best = best < now[j - 1] + 1 ? best : now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[m];
}

const char *option_nearest(const char *name, unsigned only)
{
    const char *nearest = NULL;
    size_t least = strlen(name) / 3 + 2; /* further away is no likeness */
    for (size_t i = 0; i < option_count; i++) {
        if (only && !(option_table[i].commands & only))
            continue;
        size_t distance = edit_distance(name, option_table[i].name);
        if (distance < least) {
            least = distance;
            nearest = option_table[i].name;
        }
    }
    return nearest;
}

void option_values_init(struct option_values *v)
{
    v->values = xcalloc(option_count, sizeof *v->values);
}

void option_values_release(struct option_values *v)
{
    for (size_t i = 0; v->values && i < option_count; i++)
        free(v->values[i]);
    free(v->values);
    v->values = NULL;
}

void option_values_set(struct option_values *v, int row, const char *text)
{
    free(v->values[row]);
    v->values[row] = xstrdup(text);
}

static bool takes_value(const struct option *option)
{
    return option->kind != OPTION_FLAG && option->kind != OPTION_COUNT;
}

static void count_up(struct option_values *v, int row)
{
    int64_t count = 0;
    if (v->values[row])
        text_to_int64(v->values[row], 0, 1000, &count);
    _cleanup_free_ char *text = xasprintf("%d", (int)count + 1);
    option_values_set(v, row, text);
}

struct parser {
    struct command_line *line;
    unsigned command;
    const char *command_name;
    char **rest; /* the words behind the one at hand */
    struct error *err;
};

static int unknown_option(const struct parser *p, const char *shown, const char *name)
{
    const char *nearest = option_nearest(name, p->command);
    if (nearest)
        return error_set(p->err, ERR_USAGE, "unknown option '%s': did you mean '--%s'?", shown, nearest);
    return error_set(p->err, ERR_USAGE, "unknown option '%s'; 'qtest-sync %s --help' lists them", shown,
                     p->command_name);
}

static int apply(struct parser *p, int row, const char *shown, const char *value)
{
    const struct option *option = &option_table[row];
    if (option->rules & OPTION_NOT_IN_ARGV)
        return error_set(p->err, ERR_USAGE,
                         "'%s' may not stand on the command line, where others can read it; set QTEST_TOKEN, "
                         "or use --token-file or --token-stdin",
                         shown);
    if (!(option->commands & p->command))
        return error_set(p->err, ERR_USAGE, "'%s' has no meaning for 'qtest-sync %s'; leave it out", shown,
                         p->command_name);
    if (option->kind == OPTION_COUNT && !value) {
        count_up(&p->line->flags, row);
        return 0;
    }
    if (takes_value(option) && !value) {
        value = *p->rest;
        if (!value)
            return error_set(p->err, ERR_USAGE, "'%s' needs a value: %s %s", shown, shown,
                             option->value_name);
        p->rest++;
    }
    option_values_set(&p->line->flags, row, value ? value : "on");
    return 0;
}

static int parse_long(struct parser *p, const char *word)
{
    const char *equals = strchr(word, '=');
    const char *value = equals ? equals + 1 : NULL;
    _cleanup_free_ char *shown = equals ? xstrndup(word, (size_t)(equals - word)) : xstrdup(word);
    const char *name = shown + 2;
    if (text_equal(name, "help")) {
        p->line->help = true;
        free(p->line->help_topic);
        p->line->help_topic = xstrdup(value);
        return 0;
    }
    if (text_equal(name, "version") && !value) {
        p->line->version = true;
        return 0;
    }
    int row = option_find(name);
    return row < 0 ? unknown_option(p, shown, name) : apply(p, row, shown, value);
}

/* -q, -vv, -qv: flags and counts only, none takes a value. */
static int parse_letters(struct parser *p, const char *word)
{
    for (const char *c = word + 1; *c; c++) {
        if (*c == 'h') {
            p->line->help = true;
            continue;
        }
        char shown[3] = {'-', *c, '\0'};
        int row = option_find_letter(*c);
        int result = row < 0 ? unknown_option(p, word, word + 1) : apply(p, row, shown, NULL);
        if (result < 0)
            return result;
    }
    return 0;
}

int command_line_parse(struct command_line *ret, unsigned command, const char *command_name, char **argv,
                       struct error *err)
{
    *ret = (struct command_line)COMMAND_LINE_INIT;
    option_values_init(&ret->flags);
    struct parser p = {
        .line = ret, .command = command, .command_name = command_name, .rest = argv, .err = err};
    size_t words = 0;
    while (argv[words])
        words++;
    ret->arguments = xcalloc(words + 1, sizeof *ret->arguments);
    bool only_arguments = false;
    while (*p.rest) {
        char *word = *p.rest++;
        int result = 0;
        if (only_arguments || word[0] != '-' || !word[1])
            ret->arguments[ret->argument_count++] = word;
        else if (text_equal(word, "--"))
            only_arguments = true;
        else
            result = word[1] == '-' ? parse_long(&p, word) : parse_letters(&p, word);
        if (result < 0)
            return result;
    }
    return 0;
}

void command_line_release(struct command_line *line)
{
    option_values_release(&line->flags);
    free(line->arguments);
    free(line->help_topic);
    *line = (struct command_line)COMMAND_LINE_INIT;
}
