/* The command line of qtest-sandbox. */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sandbox/switches.h"

struct error;

struct options {
    bool help, version;
    char *host;
    int64_t port; /* 0: the system picks one */
    const char *port_file, *db, *token, *faults_file, *log_file, *tls_cert, *tls_key,
        *tls_client_ca; /* NULL: not given */
    const char **projects;
    int project_count, project_capacity;
    int64_t latency_ms, job_ms;
    struct switches switches;
};

/* Borrows argv. ERR_USAGE. Release in any case. */
int options_parse(struct options *o, int argc, char **argv, struct error *err);
void options_release(struct options *o);
void options_print_help(FILE *out);

#endif
