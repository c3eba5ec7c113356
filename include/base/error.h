/* An error is a code for the program and one sentence for the person.
 *
 * The sentence says what failed, on what (in single quotes), why, and what to do now; no full stop at
 * the end. It is set at the lowest place that knows, passed up untouched and printed once, in main.
 * Control characters of outside text are stripped when the sentence is set. Functions that can fail
 * return 0, or the error's code negated after setting *err; success leaves *err alone.
 *
 *     if (fd < 0)
 *         return error_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_code {
    ERR_NONE = 0,
    ERR_USAGE,     /* the command line or a setting is wrong */
    ERR_IO,        /* a file, pipe or folder of this machine */
    ERR_REPORT,    /* the report is unreadable or no report */
    ERR_EMPTY,     /* the report holds no test */
    ERR_LIMIT,     /* a stated maximum was passed */
    ERR_ACCESS,    /* token, permission, project, automation setting */
    ERR_NETWORK,   /* qTest not reached, or the time budget spent */
    ERR_REFUSED,   /* qTest understood and said no */
    ERR_UNCERTAIN, /* sent, outcome not known */
    ERR_AMBIGUOUS, /* several objects of one name, the user must choose */
    ERR_PROTOCOL,  /* an answer that is not what qTest sends */
    ERR_INTERNAL,  /* our own mistake */
    ERR_FOREIGN,   /* no report, but a file of another kind; among others it may lie */
    ERR_BUSY,      /* somebody else has it now: a lock of another process, a name that is taken */
};

struct error {
    enum error_code code;
    char *text; /* NULL when code is ERR_NONE */
};

#define ERROR_INIT                                                                                           \
    {                                                                                                        \
        .code = ERR_NONE                                                                                     \
    }

/* Replaces what was there. err may be NULL. Returns -code. */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts "context: " before the sentence; no effect without an error. */
void error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_move(struct error *to, struct error *from); /* from becomes empty */
void error_release(struct error *err);

#endif
