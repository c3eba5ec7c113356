/* Execution statuses of a project, and the words of Automation Settings that stand for them
 * (docs/qtest-api.md 2.3). The words come from the switch status-words; their case does not matter. */
#ifndef SANDBOX_STATUSES_H
#define SANDBOX_STATUSES_H

#include <stdint.h>

#include "base/json.h"
#include "sandbox/switches.h"

struct call;

#define STATUS_PASSED     601
#define STATUS_FAILED     602
#define STATUS_INCOMPLETE 603
#define STATUS_BLOCKED    604

void statuses_list(struct call *c); /* getStatusValuable */

const char *status_name(int64_t status);  /* "Passed"; NULL when it is none */
int64_t status_by_name(const char *name); /* 0 when it is none */
/* The status that a word stands for, 0 when it is not mapped. */
int64_t status_of_word(const struct switches *s, const char *word);
void status_write(struct json_writer *w, const char *key, int64_t status);

#endif
