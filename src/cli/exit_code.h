/* The exit codes of qtest-sync, and which one wins when several things went wrong. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

#include <stddef.h>

#include "base/error.h"

enum exit_code {
    EXIT_CODE_OK = 0,        /* every result confirmed or present; or turned off; or softened */
    EXIT_CODE_REFUSED = 1,   /* qTest refused some results, the rest are in */
    EXIT_CODE_USAGE = 2,     /* command line or configuration */
    EXIT_CODE_REPORT = 3,    /* a report is unreadable, is no report, or holds no test */
    EXIT_CODE_ACCESS = 4,    /* token, permission, project, automation setting */
    EXIT_CODE_NETWORK = 5,   /* qTest not reached, or the time budget spent */
    EXIT_CODE_UNCERTAIN = 6, /* accepted by qTest, outcome not known */
    EXIT_CODE_FAIL_ON = 10,  /* only with --fail-on: all is in qTest, and tests failed */
    EXIT_CODE_INTERNAL = 70, /* our own error, out of memory, or the output cannot be written */
    EXIT_CODE_SIGHUP = 129,  /* ended by a signal */
    EXIT_CODE_SIGINT = 130,
    EXIT_CODE_SIGTERM = 143,
};

struct exit_code_row {
    const char *code; /* as text, for the help: "129, 130, 143" is one row */
    const char *meaning;
};

/* The table for the help and the man page, ended by a row whose code is NULL. */
extern const struct exit_code_row exit_code_table[];

int exit_code_of(enum error_code code);
/* The one that is told when both hold: the first of 70, signal, 4, 5, 6, 1, 2, 3, 10; 0 loses always. */
int exit_code_worse(int a, int b);

#endif
