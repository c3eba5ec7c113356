/* Help, for the whole and for each subcommand, from the tables. */
#include "cli/help.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/exit_code.h"

#define HELP_COLUMN 30
#define HELP_WIDTH  100

const struct command command_table[] = {
    {"upload", FOR_UPLOAD, "REPORT...", "make qTest show what the reports say, exactly once",
     "Reads all reports, compares them with what qTest shows, and adds what is missing: the test cycle of "
     "the job, a test suite for each browser or device, test cases, test runs and test logs. Uploading the "
     "same report again adds nothing. Nothing is written unless every report could be read, or --keep-going "
     "is given."},
    {"plan", FOR_PLAN, "REPORT...", "say what upload would do, and write nothing",
     "Reads and compares as upload does, and prints each write that upload would make."},
    {"inspect", FOR_INSPECT, "REPORT...", "show what is in the reports, without network",
     "Reads the reports as upload does and shows job, execution, targets and counts of each, and the test "
     "cycle that they would go into. It takes the options that say what upload would do."},
    {"flush", FOR_FLUSH, "", "send what earlier uploads could not bring in",
     "What an upload could not bring in is kept on disk, in the spool. flush sends what it holds for the "
     "configured site, oldest first, by the same way as upload: what is in qTest already is not sent again."},
};
const size_t command_count = ARRAY_SIZE(command_table);

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (text_equal(command_table[i].name, name))
            return &command_table[i];
    return NULL;
}

static void pad(struct buf *out, size_t used)
{
    do
        buf_putc(out, ' ');
    while (++used < HELP_COLUMN);
}

/* Words of text from column `indent` on, the first line standing at it already. */
static void wrap(struct buf *out, const char *text, size_t indent)
{
    size_t column = indent;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " ");
        if (column > indent && column + 1 + length > HELP_WIDTH) {
            buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            buf_putc(out, ' ');
            column++;
        }
        buf_put(out, word, length);
        column += length;
        word += length;
        word += strspn(word, " ");
    }
    buf_putc(out, '\n');
}

static void option_line(struct buf *out, const struct option *option)
{
    _cleanup_(buf_release) struct buf left = BUF_UNBOUNDED;
    if (option->kind == OPTION_SECRET) {
        _cleanup_free_ char *variable = option_variable(option);
        buf_printf(&left, "      %s", variable);
    } else {
        if (option->letter)
            buf_printf(&left, "  -%c, --%s", option->letter, option->name);
        else
            buf_printf(&left, "      --%s", option->name);
        if (option->value_name)
            buf_printf(&left, " %s", option->value_name);
    }
    buf_puts(out, buf_text(&left));
    if (left.length >= HELP_COLUMN) { /* no room beside it */
        buf_putc(out, '\n');
        left.length = 0;
    }
    pad(out, left.length);
    _cleanup_(buf_release) struct buf right = BUF_UNBOUNDED;
    buf_puts(&right, option->help);
    if (option->choices)
        buf_printf(&right, " (%s)", option->choices);
    if (option->fallback && option->value_name)
        buf_printf(&right, " [%s]", option->fallback);
    wrap(out, buf_text(&right), HELP_COLUMN);
}

static void option_lines(struct buf *out, unsigned command)
{
    const char *group = NULL, *printed = NULL;
    for (size_t i = 0; i < option_count; i++) {
        group = option_table[i].group ? option_table[i].group : group;
        if (!(option_table[i].commands & command))
            continue;
        if (group != printed)
            buf_printf(out, "\n%s:\n", group);
        printed = group;
        option_line(out, &option_table[i]);
    }
    buf_puts(out, "  -h, --help");
    pad(out, strlen("  -h, --help"));
    buf_puts(out, "this text; --help=man prints the man page, --help=bash a completion for bash\n");
}

static void exit_codes(struct buf *out)
{
    buf_puts(out, "\nExit codes; of several the first of 70, a signal, 4, 5, 6, 1, 2, 3, 10:\n");
    for (const struct exit_code_row *row = exit_code_table; row->code; row++) {
        buf_printf(out, "  %-9s ", row->code);
        wrap(out, row->meaning, 12);
    }
}

static const char reports_text[] =
    "REPORT is a file, a folder (every .xml and .json in it and below), a quoted pattern such as "
    "'**/TEST-*.xml', or - "
    "for standard input. TestProject JSON and JUnit XML of any dialect are told apart by their content; "
    "what is neither is left out of a folder or pattern, with a warning.";

static const char sources_text[] =
    "Each option is also a variable (--batch-logs: QTEST_BATCH_LOGS) and a key of the configuration file "
    "(\"batch-logs\"). A flag is stronger than a variable, a variable than the file, the file than what "
    "the CI system says. A flag can be turned off with =off.";

static void command_help(struct buf *out, const struct command *command)
{
    bool takes_reports = *command->arguments;
    buf_printf(out, "Usage: qtest-sync %s [options]%s%s\n\n", command->name, takes_reports ? " " : "",
               command->arguments);
    wrap(out, command->details, 0);
    if (takes_reports) {
        buf_puts(out, "\n");
        wrap(out, reports_text, 0);
    }
    option_lines(out, command->bit);
    buf_puts(out, "\n");
    wrap(out, sources_text, 0);
    exit_codes(out);
}

static void overview(struct buf *out)
{
    buf_puts(out, "Usage: qtest-sync COMMAND [options] [REPORT...]\n\n"
                  "Makes Tricentis qTest show what test reports say: TestProject JSON and JUnit XML.\n\n");
    for (size_t i = 0; i < command_count; i++)
        buf_printf(out, "  %-10s %s\n", command_table[i].name, command_table[i].help);
    buf_puts(out, "\n  qtest-sync COMMAND --help   options of a command\n"
                  "  qtest-sync --version        version\n"
                  "  qtest-sync --help=man       the man page, for 'man -l -'\n"
                  "  qtest-sync --help=bash      completion for bash\n"
                  "\nFor example:\n\n"
                  "  export QTEST_URL=https://shop.qtestnet.com QTEST_TOKEN=... QTEST_PROJECT=Shop\n"
                  "  qtest-sync upload build/report.json\n");
    exit_codes(out);
}

int help_write(struct buf *out, const struct command *command, const char *topic, struct error *err)
{
    if (text_equal(topic, "man"))
        man_write(out);
    else if (text_equal(topic, "bash"))
        completion_write(out);
    else if (topic)
        return error_set(err, ERR_USAGE, "no help on '%s'; there is --help, --help=man and --help=bash",
                         topic);
    else if (command)
        command_help(out, command);
    else
        overview(out);
    return 0;
}
