/* The results that share one log, as its note lists them: failures first, in the order of the reports.
 *
 *     Failed 2026-03-02T07:00:00.000Z, Chrome 104, data row 2: EUR, report.xml: expected 3 but was 4
 *
 *     Failed 2026-03-02T06:30:00.000Z, an attempt before
 *
 *     struct note_repeats repeats = {0};
 *     note_repeats_read(&repeats, &desired, leader, NULL, &err);
 *     ... note_facts.repeats = &repeats ...
 *     note_repeats_release(&repeats);
 */
#ifndef SYNC_NOTE_REPEATS_H
#define SYNC_NOTE_REPEATS_H

#include "base/error.h"
#include "sync/desired.h"
#include "sync/note.h"

#define NOTE_REPEATS_MAX      50
#define NOTE_REPEAT_MAX_BYTES 200 /* of a message */

struct note_repeats {
    struct text_list lines; /* none: the log stands for one result */
    uint32_t count;         /* of results, also of those beyond the lines */
};

/* What a log showed that is to show another attempt now. */
struct note_attempt {
    const char *word;
    bool failed;
    int64_t start_ms;
};

/* *ret holds zeros. attempt: NULL: there is none. The store's last record is read anew. Errors: as store_read. */
int note_repeats_read(struct note_repeats *ret, const struct desired *desired, uint32_t leader,
                      const struct note_attempt *attempt, struct error *err);
void note_repeats_release(struct note_repeats *repeats);

#endif
