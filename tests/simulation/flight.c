/* A request under way. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check.h"
#include "schedule.h"

static bool chosen(const struct simulation *sim, uint64_t key)
{
    for (size_t i = 0; i < sim->config.fault_count; i++)
        if (sim->config.faults[i] == key)
            return true;
    return false;
}

static bool fault_happens(const struct simulation *sim, const struct uploader *uploader, uint64_t key)
{
    if (sim->fault_count == FAULTS_MAX)
        return false;
    if (sim->config.choose_faults)
        return chosen(sim, key);
    return uploader->run <= RUNS_FAULTY && !uploader->repeat &&
           (int64_t)sim->fault_count < sim->scenario.fault_budget && fault_due(&sim->scenario, key);
}

static int64_t plus(int64_t a_ms, int64_t b_ms)
{
    return a_ms == MODEL_NEVER || b_ms == MODEL_NEVER ? MODEL_NEVER : a_ms + b_ms;
}

/* The client's patience ends the wait for an answer that comes too late or never. */
static void set_times(struct simulation *sim, struct flight *flight)
{
    const struct fault *fault = &flight->fault;
    int64_t patience_ms = sim->now_ms + flight->request->timeout_ms;
    flight->work_ms = plus(sim->now_ms, fault->up_ms);
    bool at_once = flight->work_ms == MODEL_NEVER || fault->answered_early;
    flight->answer_ms = plus(at_once ? sim->now_ms : flight->work_ms, fault->down_ms);
    if (flight->answer_ms <= patience_ms)
        return;
    flight->answer_ms = patience_ms;
    flight->fault.lost = true;
}

static void die(struct simulation *sim, struct uploader *uploader, const struct fault *fault)
{
    uploader->kill_ms = sim->now_ms + fault->kill_after_ms;
    uploader->kill_softly = fault->kind == FAULT_SIGNAL;
    uploader->restart_ms = fault->restart_ms;
    uploader->kill_fresh = fault->fresh_machine;
}

static void outage(struct simulation *sim, struct flight *flight)
{
    if (flight->fault.outage_ms)
        sim->outage_until_ms = sim->now_ms + flight->fault.outage_ms;
    if (sim->now_ms >= sim->outage_until_ms)
        return;
    flight->fault.not_sent = true;
    flight->fault.lost = false;
    flight->work_ms = MODEL_NEVER;
    flight->answer_ms = sim->now_ms + 5;
}

static void tell(const struct simulation *sim, const struct flight *flight)
{
    if (!sim->trace.on)
        return;
    _cleanup_free_ char *text = trace_request(flight->request);
    const char *fault = flight->fault.kind ? fault_name(flight->fault.kind) : NULL;
    trace_line(&sim->trace, flight->uploader, flight->run, "sends %" PRId64 ": %s%s%s", flight->id, text,
               fault ? "   <-- " : "", fault ? fault : "");
}

void flight_begin(struct simulation *sim, int number, const struct request *request, int64_t id)
{
    struct uploader *uploader = &sim->uploaders[number];
    uint64_t key = fault_key(number, uploader->run, ++uploader->requests);
    bool faulty = fault_happens(sim, uploader, key);
    GROW(sim->flights, sim->flight_count, sim->flight_capacity);
    struct flight *flight = &sim->flights[sim->flight_count++];
    *flight = (struct flight){.uploader = number, .run = uploader->run, .id = id, .request = request};
    reply_init(&flight->reply);
    fault_draw(&flight->fault, &sim->scenario, key, request, faulty);
    sim->counts.requests++;
    if (sim->config.no_kills && flight->fault.kind == FAULT_KILL)
        flight->fault.kind = FAULT_NONE;
    if (faulty) {
        sim->faults[sim->fault_count++] = key;
        sim->counts.faults[flight->fault.kind]++;
        uploader->faulty_run = true;
    }
    set_times(sim, flight);
    outage(sim, flight);
    if (flight->fault.kind == FAULT_KILL || flight->fault.kind == FAULT_SIGNAL)
        die(sim, uploader, &flight->fault);
    tell(sim, flight);
}

static bool submits(const struct flight *flight)
{
    return strcmp(flight->request->operation, "submitAutomationTestLogs") == 0;
}

/* Whoever gets no answer to a submission sends it again. */
static void repeat_blindly(struct simulation *sim, struct flight *flight)
{
    if (flight->reply.kind != REPLY_LOST || !submits(flight))
        return;
    reply_release(&flight->reply);
    sim->model.plan = flight->fault.job;
    sim->model.plan.by = flight->uploader;
    model_answer(&sim->model, flight->request, &flight->reply, sim->now_ms);
}

void flight_release(struct flight *flight)
{
    reply_release(&flight->reply);
    request_free(flight->orphan);
}

static struct request *copy_request(const struct request *from)
{
    struct request *to = request_new(from->method, from->operation, from->timeout_ms);
    to->path = xstrdup(from->path);
    to->read_only = from->read_only;
    buf_put(&to->body, from->body.bytes, from->body.length);
    return to;
}

static struct flight take_out(struct simulation *sim, size_t at)
{
    struct flight flight = sim->flights[at];
    sim->flights[at] = sim->flights[--sim->flight_count];
    return flight;
}

static void tell_work(const struct simulation *sim, const struct flight *flight)
{
    if (!sim->trace.on)
        return;
    _cleanup_free_ char *text = trace_reply(&flight->reply);
    trace_line(&sim->trace, -1, 0, "does %d.%d's %" PRId64 ": %s", flight->uploader, flight->run, flight->id,
               text);
}

void flight_work(struct simulation *sim, size_t at)
{
    struct flight *flight = &sim->flights[at];
    const struct request *request = flight->orphan ? flight->orphan : flight->request;
    sim->model.plan = flight->fault.job;
    sim->model.plan.by = flight->uploader;
    reply_release(&flight->reply);
    sim->model.updated = 0;
    model_answer(&sim->model, request, &flight->reply, sim->now_ms);
    flight->work_ms = MODEL_NEVER;
    tell_work(sim, flight);
    if (!flight->orphan && sim->model.updated)
        check_update(sim, flight->uploader, sim->model.updated);
    if (!flight->orphan)
        return;
    struct flight gone = take_out(sim, at);
    flight_release(&gone);
}

/* Nobody waits for it any longer, but it may still arrive there. */
static void leave_behind(struct flight *flight)
{
    flight->orphan = copy_request(flight->request);
    flight->request = NULL;
    flight->answer_ms = MODEL_NEVER;
}

static void tell_answer(const struct simulation *sim, const struct flight *flight)
{
    if (!sim->trace.on)
        return;
    _cleanup_free_ char *text = trace_reply(&flight->reply);
    trace_line(&sim->trace, flight->uploader, flight->run, "hears %" PRId64 ": %.24s", flight->id, text);
}

static void follow(struct simulation *sim, struct flight *flight)
{
    if (!flight->reply.location)
        return;
    struct request *there = copy_request(flight->request);
    free(there->path);
    there->path = xstrdup(flight->reply.location);
    reply_release(&flight->reply);
    model_answer(&sim->model, there, &flight->reply, sim->now_ms);
    request_free(there);
}

/* The self-test's: what a broken engine would do with this answer, or take it for. */
static void make_mistake(struct simulation *sim, struct flight *flight)
{
    struct reply *reply = &flight->reply;
    switch (sim->config.broken_engine) {
    case REPEATS_BLINDLY:
        repeat_blindly(sim, flight);
        break;
    case FOLLOWS_REDIRECTS:
        follow(sim, flight);
        break;
    case REPEATS_TOO_LARGE:
        reply->status = reply->status == 413 ? 503 : reply->status;
        break;
    case TAKES_429_AS_REFUSED:
        reply->status = reply->status == 429 && submits(flight) ? 400 : reply->status;
        reply->minute_left = -1; /* else there would hardly be any */
        break;
    case IGNORES_REMAINDER:
        reply->minute_left = -1;
        break;
    default:
        break;
    }
}

void flight_answer(struct simulation *sim, size_t at)
{
    struct flight flight = sim->flights[at];
    struct uploader *uploader = &sim->uploaders[flight.uploader];
    if (flight.work_ms == MODEL_NEVER) {
        take_out(sim, at);
    } else {
        leave_behind(&sim->flights[at]);
        reply_init(&flight.reply);
    }
    fault_spoil(&flight.fault, &sim->scenario, &flight.reply, sim->now_ms);
    make_mistake(sim, &flight);
    tell_answer(sim, &flight);
    engine_answer(uploader->engine, flight.id, &flight.reply, sim->now_ms - uploader->began_ms);
    reply_release(&flight.reply);
    uploader_step(sim, flight.uploader);
}

void flights_orphan(struct simulation *sim, int number)
{
    for (size_t i = sim->flight_count; i-- > 0;) {
        struct flight *flight = &sim->flights[i];
        if (flight->uploader != number || flight->orphan)
            continue;
        if (flight->work_ms == MODEL_NEVER) {
            struct flight gone = take_out(sim, i);
            flight_release(&gone);
            continue;
        }
        leave_behind(flight);
    }
}
