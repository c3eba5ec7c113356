/* The man page and the completion, from the same tables as the help. */
#include "cli/help.h"

#include "base/buf.h"
#include "base/memory.h"
#include "cli/exit_code.h"

/* Text for roff: no accidental requests or escapes, and hyphens that can be copied. */
static void roff(struct buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            buf_puts(out, "\\e");
        else if (*c == '-')
            buf_puts(out, "\\-");
        else if (*c == '\'' || *c == '.') {
            buf_puts(out, "\\&");
            buf_putc(out, *c);
        } else
            buf_putc(out, *c);
    }
}

static void commands(struct buf *out)
{
    buf_puts(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, ".TP\n.B %s\n", command_table[i].name);
        roff(out, command_table[i].details);
        buf_puts(out, "\n");
    }
}

static void option_entry(struct buf *out, const struct option *option)
{
    _cleanup_free_ char *variable = option_variable(option);
    buf_puts(out, ".TP\n");
    if (!(option->rules & OPTION_NOT_IN_ARGV)) {
        buf_puts(out, "\\fB");
        if (option->letter) {
            buf_printf(out, "\\-%c\\fR, \\fB", option->letter);
        }
        buf_puts(out, "\\-\\-");
        roff(out, option->name);
        buf_puts(out, "\\fR");
        if (option->value_name)
            buf_printf(out, " \\fI%s\\fR", option->value_name);
        buf_puts(out, option->rules & OPTION_NOT_IN_ENV ? "" : ", ");
    }
    if (!(option->rules & OPTION_NOT_IN_ENV))
        buf_printf(out, "\\fB%s\\fR", variable);
    buf_puts(out, "\n");
    roff(out, option->help);
    if (option->choices)
        buf_printf(out, " (%s)", option->choices);
    if (option->fallback && option->value_name) {
        buf_puts(out, "; default: ");
        roff(out, option->fallback);
    }
    buf_puts(out, "\n");
}

void man_write(struct buf *out)
{
    buf_puts(out, ".TH QTEST\\-SYNC 1 \"\" \"qtest\\-sync " QTEST_SYNC_VERSION "\" \"User Commands\"\n"
                  ".SH NAME\nqtest\\-sync \\- make Tricentis qTest show what test reports say, exactly once\n"
                  ".SH SYNOPSIS\n");
    for (size_t i = 0; i < command_count; i++)
        buf_printf(out, "%s.B qtest\\-sync %s\n[options]%s%s\n", i ? ".br\n" : "", command_table[i].name,
                   *command_table[i].arguments ? " " : "", command_table[i].arguments);
    commands(out);
    buf_puts(
        out,
        ".SH OPTIONS\nEach option is also a variable and a key of the configuration file. A flag is stronger "
        "than a variable, a variable than the file, the file than what the CI system says.\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].group)
            buf_printf(out, ".SS %s\n", option_table[i].group);
        option_entry(out, &option_table[i]);
    }
    buf_puts(out, ".SH EXIT STATUS\n");
    for (const struct exit_code_row *row = exit_code_table; row->code; row++) {
        buf_printf(out, ".TP\n.B %s\n", row->code);
        roff(out, row->meaning);
        buf_puts(out, "\n");
    }
    buf_puts(
        out,
        ".SH FILES\n.TP\n.I .qtest\\-sync.json\nThe configuration file, read from the working folder unless "
        "\\fB\\-\\-config\\fR names another. It may not set what a change of the workspace must not reach: "
        "the "
        "site, the proxy, certificates, the token's file, the state folder, the spool's bounds, enabled and "
        "on\\-upload\\-error.\n");
}

static void words_of_choices(struct buf *out, const struct option *option)
{
    for (int k = 0;; k++) {
        _cleanup_free_ char *word = option_choice(option, k);
        if (!word)
            return;
        buf_printf(out, "%s%s", k ? " " : "", word);
    }
}

static void completion_of_values(struct buf *out)
{
    buf_puts(out, "    case $before in\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].kind == OPTION_CHOICE) {
            buf_printf(out, "    --%s) COMPREPLY=($(compgen -W '", option_table[i].name);
            words_of_choices(out, &option_table[i]);
            buf_puts(out, "' -- \"$word\")); return ;;\n");
        } else if (option_table[i].kind == OPTION_FILE) {
            buf_printf(out, "    --%s) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n",
                       option_table[i].name);
        } else if (option_table[i].value_name && !(option_table[i].rules & OPTION_NOT_IN_ARGV)) {
            buf_printf(out, "    --%s) return ;;\n", option_table[i].name);
        }
    }
    buf_puts(out, "    esac\n");
}

void completion_write(struct buf *out)
{
    buf_puts(out, "# Completion for bash: . <(qtest-sync --help=bash)\n"
                  "_qtest_sync()\n{\n"
                  "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options=\n"
                  "    COMPREPLY=()\n"
                  "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                  "        COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < command_count; i++)
        buf_printf(out, "%s ", command_table[i].name);
    buf_puts(out, "--help --version' -- \"$word\"))\n        return\n    fi\n");
    completion_of_values(out);
    buf_puts(out, "    case ${COMP_WORDS[1]} in\n");
    for (size_t c = 0; c < command_count; c++) {
        buf_printf(out, "    %s) options='--help", command_table[c].name);
        for (size_t i = 0; i < option_count; i++)
            if ((option_table[i].commands & command_table[c].bit) &&
                !(option_table[i].rules & OPTION_NOT_IN_ARGV))
                buf_printf(out, " --%s", option_table[i].name);
        buf_puts(out, "' ;;\n");
    }
    buf_puts(out, "    esac\n"
                  "    case $word in\n"
                  "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
                  "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
                  "    esac\n}\ncomplete -o filenames -F _qtest_sync qtest-sync\n");
}
