/* The journal of one machine, in memory: what a run that was cut short leaves for the next one there
 * (sync/journal.h, whose file format has tests of its own).
 *
 *     machine_begin(&machine);            // options.memory = &machine.memory, .journal = &machine.hooks
 *     machine_end(&machine, certain);     // forgets all when nothing that was sent is left open
 *     machine_forget(&machine);           // a fresh machine
 *     machine_release(&machine);
 */
#ifndef SIMULATION_MACHINE_H
#define SIMULATION_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/journal.h"

struct machine_post {
    int64_t number;
    int64_t wall_ms;
    int64_t job_id; /* -1: not known */
    int64_t before_log_id;
    bool ended;
};

struct machine {
    struct engine_memory memory;
    struct engine_journal hooks;
    uint64_t *owners;
    size_t owner_count, owner_capacity;
    struct machine_post *posts;
    size_t post_count, post_capacity;
    int64_t first_number; /* of this run */
};

/* Draws from the journal what the next run is told. The machine must not move from here to machine_end. */
void machine_begin(struct machine *machine);
void machine_end(struct machine *machine, bool certain);
void machine_forget(struct machine *machine);
void machine_release(struct machine *machine);

#endif
