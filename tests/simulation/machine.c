#include "machine.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/time.h"

static void on_claiming(void *self, uint64_t owner)
{
    struct machine *m = self;
    GROW(m->owners, m->owner_count, m->owner_capacity);
    m->owners[m->owner_count++] = owner;
}

static void on_sending(void *self, int64_t number, int64_t wall_ms, int64_t before_log_id)
{
    struct machine *m = self;
    GROW(m->posts, m->post_count, m->post_capacity);
    m->posts[m->post_count++] = (struct machine_post){
        .number = m->first_number + number, .wall_ms = wall_ms, .job_id = -1, .before_log_id = before_log_id};
}

static struct machine_post *find_post(struct machine *m, int64_t number)
{
    for (size_t i = m->post_count; i > 0; i--)
        if (m->posts[i - 1].number == m->first_number + number)
            return &m->posts[i - 1];
    abort(); /* the engine tells of an answer to what it never told of sending */
}

static void on_accepted(void *self, int64_t number, int64_t job_id)
{
    find_post(self, number)->job_id = job_id;
}

static void on_ended(void *self, int64_t number)
{
    find_post(self, number)->ended = true;
}

static void remember_post(struct engine_memory *memory, const struct machine_post *post)
{
    if (post->job_id >= 0) {
        GROW(memory->jobs, memory->job_count, memory->job_capacity);
        memory->jobs[memory->job_count++] =
            (struct remembered_job){.id = post->job_id, .sent_wall_ms = post->wall_ms};
    } else if (memory->sending_wall_ms == TIME_NONE || post->wall_ms > memory->sending_wall_ms) {
        memory->sending_wall_ms = post->wall_ms;
    }
}

void machine_begin(struct machine *m)
{
    struct engine_memory *memory = &m->memory;
    memory->owner_count = memory->job_count = 0;
    memory->sending_wall_ms = TIME_NONE;
    memory->sent = false;
    memory->before_log_id = 0;
    for (size_t i = 0; i < m->owner_count; i++) {
        GROW(memory->owners, memory->owner_count, memory->owner_capacity);
        memory->owners[memory->owner_count++] = m->owners[i];
    }
    for (size_t i = 0; i < m->post_count; i++) {
        if (!memory->sent || m->posts[i].before_log_id < memory->before_log_id)
            memory->before_log_id = m->posts[i].before_log_id;
        memory->sent = true;
        if (!m->posts[i].ended)
            remember_post(memory, &m->posts[i]);
        if (m->posts[i].number >= m->first_number)
            m->first_number = m->posts[i].number + 1;
    }
    m->hooks = (struct engine_journal){.self = m,
                                       .claiming = on_claiming,
                                       .sending = on_sending,
                                       .accepted = on_accepted,
                                       .ended = on_ended};
}

void machine_forget(struct machine *m)
{
    m->owner_count = m->post_count = 0;
    m->first_number = 0;
}

void machine_end(struct machine *m, bool certain)
{
    if (certain)
        machine_forget(m);
}

void machine_release(struct machine *m)
{
    free(m->memory.owners);
    free(m->memory.jobs);
    free(m->owners);
    free(m->posts);
    *m = (struct machine){0};
}
