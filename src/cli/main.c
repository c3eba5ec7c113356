/* qtest-sync: makes Tricentis qTest show what a test report says, exactly once. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/show.h"
#include "cli/talk.h"
#include "cli/trace.h"

/* Prints the sentence, once, and says the exit code. */
static int fail(struct error *err)
{
    int code = exit_code_of(err->code);
    talk_error(err->text);
    error_release(err);
    return code;
}

static int print(const struct buf *out)
{
    struct error err = ERROR_INIT;
    return stdout_write(out, &err) < 0 ? fail(&err) : EXIT_CODE_OK;
}

static int print_help(const struct command *command, const char *topic)
{
    struct error err = ERROR_INIT;
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    return help_write(&out, command, topic, &err) < 0 ? fail(&err) : print(&out);
}

static int print_version(void)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    buf_puts(&out, "qtest-sync " QTEST_SYNC_VERSION "\n");
    return print(&out);
}

static int print_config(const struct settings *settings, const struct command *command)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    show_config_write(&out, settings, command->bit);
    return print(&out);
}

static int check_arguments(const struct command_line *line, const struct settings *settings,
                           const struct command *command, struct error *err)
{
    size_t from_stdin = 0;
    if (line->argument_count == 0)
        return error_set(err, ERR_USAGE,
                         "no report named: write 'qtest-sync %s REPORT...', or - for standard input",
                         command->name);
    for (size_t i = 0; i < line->argument_count; i++) {
        if (!*line->arguments[i])
            return error_set(err, ERR_USAGE,
                             "the name of a report is empty; check the variable it comes from");
        from_stdin += text_equal(line->arguments[i], "-");
    }
    if (from_stdin + settings->token_stdin > 1)
        return error_set(err, ERR_USAGE, "standard input is named twice; it can be read only once");
    return 0;
}

static int print_outcome(const struct settings *settings, struct upload_result *result)
{
    _cleanup_(buf_release) struct buf out = BUF_UNBOUNDED;
    struct error err = ERROR_INIT;
    int code = outcome_exit_code(settings, result);
    if (settings->output == OUTPUT_JSON)
        outcome_json_write(&out, result);
    else
        outcome_text_write(&out, result, settings_use_color(settings, STDOUT_FILENO));
    if (result->outcome.error.code)
        talk_error(result->outcome.error.text);
    if (!outcome_adds_up(result) && result->outcome.status != SYNC_STATUS_FAILED)
        talk_error(
            "the sum of the results does not add up; this is a mistake of qtest-sync, please report it");
    if (stdout_write(&out, &err) < 0)
        code = exit_code_worse(code, fail(&err));
    return code;
}

static const char turned_off[] =
    "turned off (QTEST_ENABLED, or 'enabled' in the configuration file); nothing is read or sent";

static int sync_reports(struct settings *settings, const struct command_line *line,
                        const struct command *command)
{
    struct upload_result result = UPLOAD_RESULT_INIT;
    struct error err = ERROR_INIT;
    if (!settings->enabled) {
        talk_error(turned_off);
        result.outcome.status = SYNC_STATUS_OFF;
    } else if (settings_need_site(settings, &err) < 0 || trace_open(&settings->tracing, settings, &err) < 0) {
        return fail(&err);
    } else if (command->bit == FOR_UPLOAD) {
        command_upload(settings, line->arguments, line->argument_count, &result);
    } else {
        command_plan(settings, line->arguments, line->argument_count, &result);
    }
    int code = print_outcome(settings, &result);
    trace_close(settings->tracing);
    sync_outcome_release(&result.outcome);
    free(result.cycle_from);
    return code;
}

static int inspect_reports(const struct settings *settings, const struct command_line *line)
{
    struct error err = ERROR_INIT;
    int code = command_inspect(settings, line->arguments, line->argument_count, &err);
    if (err.code)
        fail(&err);
    return code;
}

static int flush_spool(struct settings *settings, const struct command_line *line)
{
    struct error err = ERROR_INIT;
    int code = EXIT_CODE_OK;
    if (line->argument_count)
        error_set(&err, ERR_USAGE, "flush takes no report, but '%s' is given; use upload for it",
                  line->arguments[0]);
    else if (!settings->enabled)
        talk_error(turned_off);
    else if (settings->list ||
             (settings_need_site(settings, &err) == 0 && trace_open(&settings->tracing, settings, &err) == 0))
        code = command_flush(settings, &err);
    trace_close(settings->tracing);
    return err.code ? exit_code_worse(code, fail(&err)) : code;
}

static int run_with(struct settings *settings, const struct command_line *line, const struct command *command)
{
    struct error err = ERROR_INIT;
    if (settings_resolve(settings, &line->flags, env_of_process, NULL, &err) < 0)
        return fail(&err);
    if (settings->show_config)
        return print_config(settings, command);
    if (command->bit == FOR_FLUSH)
        return flush_spool(settings, line);
    if (check_arguments(line, settings, command, &err) < 0)
        return fail(&err);
    if (command->bit == FOR_INSPECT)
        return inspect_reports(settings, line);
    return sync_reports(settings, line, command);
}

static int run_command(const struct command *command, char **argv)
{
    struct error err = ERROR_INIT;
    _cleanup_(command_line_release) struct command_line line = COMMAND_LINE_INIT;
    _cleanup_(settings_release) struct settings settings = SETTINGS_INIT;
    if (command_line_parse(&line, command->bit, command->name, argv, &err) < 0)
        return fail(&err);
    if (line.help)
        return print_help(command, line.help_topic);
    if (line.version)
        return print_version();
    return run_with(&settings, &line, command);
}

static int no_command(const char *word)
{
    struct error err = ERROR_INIT;
    if (!word)
        error_set(&err, ERR_USAGE, "no command; 'qtest-sync --help' lists them");
    else if (word[0] == '-')
        error_set(&err, ERR_USAGE, "'%s' stands before the command; write 'qtest-sync upload %s'", word,
                  word);
    else
        error_set(&err, ERR_USAGE, "unknown command '%s'; 'qtest-sync --help' lists them", word);
    return fail(&err);
}

/* Standard descriptors that are closed would be given to the next files and sockets, and talk would be
 * written into those. O_PATH: reading and writing still fail. */
static void occupy_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH) != fd)
            _exit(EXIT_CODE_INTERNAL);
}

int main(int argc, char **argv)
{
    occupy_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  /* ulimit -f: the write fails, and that is told */
    prctl(PR_SET_DUMPABLE, 0); /* no core file with the token in it */
    umask(077);
    const char *word = argc > 1 ? argv[1] : NULL;
    const struct command *command = command_find(word);
    if (command)
        return run_command(command, argv + 2);
    if (text_equal(word, "--version") || text_equal(word, "-V"))
        return print_version();
    if (text_equal(word, "--help") || text_equal(word, "-h"))
        return print_help(NULL, NULL);
    if (text_equal(word, "help"))
        return argc > 2 && !command_find(argv[2]) ? no_command(argv[2])
                                                  : print_help(command_find(argc > 2 ? argv[2] : NULL), NULL);
    if (word && text_starts(word, "--help="))
        return print_help(NULL, word + strlen("--help="));
    return no_command(word);
}
