#include "cli/exit_code.h"

const struct exit_code_row exit_code_table[] = {
    {"0", "every result confirmed or present (or turned off, or --on-upload-error=warn)"},
    {"1", "qTest refused some results; the rest are in"},
    {"2", "usage or configuration"},
    {"3", "a report is unreadable, is no report, or holds no test (--allow-empty softens the last)"},
    {"4", "token, permission, project, or automation setting"},
    {"5", "qTest not reached or the time budget spent; the rest is spooled"},
    {"6", "accepted by qTest, outcome not known; flush finds out"},
    {"10", "only with --fail-on: everything is in qTest, and tests failed"},
    {"70", "our own error: the sum does not add up, out of memory, the output cannot be written"},
    {"129, 130, 143", "ended by a signal; what was not in yet is kept"},
    {NULL, NULL},
};

int exit_code_of(enum error_code code)
{
    switch (code) {
    case ERR_NONE:
        return EXIT_CODE_OK;
    case ERR_USAGE:
        return EXIT_CODE_USAGE;
    case ERR_IO: /* of the files of this machine only reports are outside our hands */
    case ERR_REPORT:
    case ERR_EMPTY:
    case ERR_LIMIT:
    case ERR_FOREIGN:
        return EXIT_CODE_REPORT;
    case ERR_ACCESS:
    case ERR_AMBIGUOUS: /* the project or the cycle: the user has to choose */
        return EXIT_CODE_ACCESS;
    case ERR_NETWORK:
    case ERR_BUSY:     /* later */
    case ERR_PROTOCOL: /* somebody answered, but not qTest */
        return EXIT_CODE_NETWORK;
    case ERR_REFUSED:
        return EXIT_CODE_REFUSED;
    case ERR_UNCERTAIN:
        return EXIT_CODE_UNCERTAIN;
    case ERR_INTERNAL:
        return EXIT_CODE_INTERNAL;
    }
    return EXIT_CODE_INTERNAL;
}

int exit_code_worse(int a, int b)
{
    static const int order[] = {EXIT_CODE_INTERNAL, EXIT_CODE_SIGHUP,  EXIT_CODE_SIGINT,    EXIT_CODE_SIGTERM,
                                EXIT_CODE_ACCESS,   EXIT_CODE_NETWORK, EXIT_CODE_UNCERTAIN, EXIT_CODE_REFUSED,
                                EXIT_CODE_USAGE,    EXIT_CODE_REPORT,  EXIT_CODE_FAIL_ON};
    for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return a ? a : b;
}
