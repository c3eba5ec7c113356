/* The inside of a spool entry, version 2:
 *
 *     "qtest-sync spool 2\n"
 *     length of the header as 8 bytes, little end first; the header: JSON
 *     each record: number of its report, length (8 bytes each), bytes (report/record.h)
 *     2^64 - 1 as 8 bytes; SipHash-2-4-128 of everything before it
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/record.h"
#include "spool_private.h"

#define FIRST_WORDS      "qtest-sync spool "
#define VERSION          "2"
#define FIRST_LINE       FIRST_WORDS VERSION "\n"
#define END_MARK         UINT64_MAX
#define CHUNK_BYTES      (1u << 20)
#define HEADER_MAX_BYTES (64u << 20)
#define RECORD_MAX_BYTES UINT32_MAX

static void put_word(struct buf *out, uint64_t word)
{
    char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (char)(unsigned char)(word >> (8 * i) & 0xFF);
    buf_put(out, bytes, sizeof bytes);
}

/* Writing. */

struct writer {
    struct whole_file *file;
    struct hasher hasher;
    struct buf pending;
};

static int flush(struct writer *w, struct error *err)
{
    hasher_raw(&w->hasher, w->pending.bytes, w->pending.length);
    int r = whole_file_write(w->file, w->pending.bytes, w->pending.length, err);
    buf_clear(&w->pending);
    return r;
}

/* The texts of the facts, as members of the header. */
static const struct {
    const char *name;
    size_t offset;
} fact_texts[] = {
    {"site", offsetof(struct spool_facts, site)},
    {"project", offsetof(struct spool_facts, project)},
    {"named_project", offsetof(struct spool_facts, named_project)},
    {"cycle", offsetof(struct spool_facts, cycle)},
    {"release", offsetof(struct spool_facts, release)},
    {"module", offsetof(struct spool_facts, root_module)},
    {"suite", offsetof(struct spool_facts, suite)},
    {"build_url", offsetof(struct spool_facts, build_url)},
    {"build_number", offsetof(struct spool_facts, build_number)},
    {"job", offsetof(struct spool_facts, job)},
    {"automation_content", offsetof(struct spool_facts, content_template)},
    {"word_passed", offsetof(struct spool_facts, status_word[RESULT_PASSED])},
    {"word_failed", offsetof(struct spool_facts, status_word[RESULT_FAILED])},
    {"word_error", offsetof(struct spool_facts, status_word[RESULT_ERROR])},
    {"word_skipped", offsetof(struct spool_facts, status_word[RESULT_SKIPPED])},
};

static char **fact(struct spool_facts *facts, size_t i)
{
    return (char **)((char *)facts + fact_texts[i].offset);
}

static void put_report(struct json_writer *w, const struct desired_report *report)
{
    json_object(w, NULL);
    json_string(w, "file", report->meta->file);
    json_integer(w, "format", report->meta->format);
    json_string(w, "execution_id", report->execution_id);
    json_boolean(w, "named", report->named);
    json_string(w, "bytes_id", report->bytes_id);
    json_string(w, "report_url", report->report_url);
    json_end(w);
}

static void put_header(struct buf *out, const struct spool_facts *facts, const struct desired *desired)
{
    struct spool_facts copy = *facts;
    struct buf header = BUF_UNBOUNDED;
    struct json_writer w;
    json_writer_init(&w, &header);
    json_object(&w, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(fact_texts); i++)
        json_string(&w, fact_texts[i].name, *fact(&copy, i));
    json_integer(&w, "repeats", facts->repeats);
    json_integer(&w, "place_named", facts->place_named);
    json_integer(&w, "older", facts->older);
    json_integer(&w, "fallback_start_ms", facts->fallback_start_ms);
    json_array(&w, "reports");
    for (size_t i = 0; i < desired->report_count; i++)
        put_report(&w, &desired->reports[i]);
    json_end(&w);
    json_end(&w);
    put_word(out, header.length);
    buf_put(out, header.bytes, header.length);
    buf_release(&header);
}

static int put_records(struct writer *w, const struct desired *desired, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    for (size_t i = 0; i < desired->store->count; i++) {
        int r = store_read(desired->store, i, &record, err);
        if (r < 0)
            return r;
        buf_clear(&bytes);
        record_encode(&bytes, &record.result);
        put_word(&w->pending, store_entry(desired->store, i)->report);
        put_word(&w->pending, bytes.length);
        buf_put(&w->pending, bytes.bytes, bytes.length);
        if (w->pending.length >= CHUNK_BYTES && (r = flush(w, err)) < 0)
            return r;
    }
    put_word(&w->pending, END_MARK);
    return flush(w, err);
}

int spool_file_write(struct whole_file *file, const struct spool_facts *facts, const struct desired *desired,
                     struct error *err)
{
    struct writer w = {.file = file, .pending = BUF_UNBOUNDED};
    hasher_init(&w.hasher, "spool");
    buf_puts(&w.pending, FIRST_LINE);
    put_header(&w.pending, facts, desired);
    int r = put_records(&w, desired, err);
    struct hash128 sum = hasher_done(&w.hasher);
    if (r == 0)
        r = whole_file_write(file, sum.bytes, sizeof sum.bytes, err);
    buf_release(&w.pending);
    return r;
}

/* Reading. */

struct reader {
    int fd;
    struct hasher hasher;
    struct buf chunk;
    size_t at;
};

static int damaged(struct error *err, const char *what)
{
    return error_set(err, ERR_REPORT, "the spooled upload is damaged (%s)", what);
}

/* Fills room with exactly size bytes. */
static int take(struct reader *r, void *room, size_t size, struct error *err)
{
    size_t have = 0;
    while (have < size) {
        if (r->at == r->chunk.length) {
            buf_clear(&r->chunk);
            r->at = 0;
            ssize_t n = read(r->fd, buf_reserve(&r->chunk, CHUNK_BYTES), CHUNK_BYTES);
            if (n < 0)
                return error_set(err, ERR_IO, "cannot read the spooled upload: %s", strerror(errno));
            if (n == 0)
                return damaged(err, "it ends too early");
            buf_advance(&r->chunk, (size_t)n);
        }
        size_t left = r->chunk.length - r->at;
        size_t part = size - have < left ? size - have : left;
        memcpy((char *)room + have, r->chunk.bytes + r->at, part);
        r->at += part;
        have += part;
    }
    hasher_raw(&r->hasher, room, size);
    return 0;
}

static int take_word(struct reader *r, uint64_t *ret, struct error *err)
{
    unsigned char bytes[8];
    int code = take(r, bytes, sizeof bytes, err);
    *ret = 0;
    for (unsigned i = 0; code == 0 && i < 8; i++)
        *ret |= (uint64_t)bytes[i] << (8 * i);
    return code;
}

static int take_bytes(struct reader *r, struct buf *out, uint64_t size, uint64_t maximum, struct error *err)
{
    buf_clear(out);
    if (size > maximum)
        return damaged(err, "a length in it is absurd");
    /* In pieces, so that a wrong length meets the end of the file before it takes memory. */
    while (out->length < size) {
        size_t part = size - out->length < CHUNK_BYTES ? (size_t)(size - out->length) : CHUNK_BYTES;
        int code = take(r, buf_reserve(out, part), part, err);
        if (code < 0)
            return code;
        buf_advance(out, part);
    }
    return 0;
}

static void read_reports(struct spool_entry *entry, const cJSON *list)
{
    size_t count = (size_t)cJSON_GetArraySize(list);
    entry->metas = xcalloc(count, sizeof *entry->metas);
    entry->reports = xcalloc(count, sizeof *entry->reports);
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        struct report_meta *meta = &entry->metas[entry->report_count];
        struct desired_report *report = &entry->reports[entry->report_count++];
        int64_t format = FORMAT_UNKNOWN;
        json_int64(item, "format", &format);
        meta->file = xstrdup(json_text(item, "file"));
        meta->format = format == FORMAT_TESTPROJECT_JSON ? FORMAT_TESTPROJECT_JSON : FORMAT_JUNIT;
        report->meta = meta;
        report->execution_id = xstrdup(json_text(item, "execution_id"));
        report->named = cJSON_IsTrue(json_member(item, "named"));
        report->bytes_id = xstrdup(json_text(item, "bytes_id"));
        report->report_url = xstrdup(json_text(item, "report_url"));
    }
}

static bool header_whole(const struct spool_entry *entry)
{
    const struct spool_facts *facts = &entry->facts;
    bool whole = facts->site && facts->job && facts->root_module;
    for (size_t i = 0; i < RESULT_STATUS_COUNT; i++)
        whole = whole && facts->status_word[i];
    for (size_t i = 0; i < entry->report_count; i++)
        whole = whole && entry->reports[i].execution_id;
    return whole;
}

static int read_header(struct reader *r, struct spool_entry *entry, struct error *err)
{
    _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
    uint64_t length;
    int code = take_word(r, &length, err);
    if (code == 0)
        code = take_bytes(r, &text, length, HEADER_MAX_BYTES, err);
    if (code < 0)
        return code;
    _cleanup_(json_delete) cJSON *header = json_parse(buf_text(&text), text.length);
    for (size_t i = 0; i < ARRAY_SIZE(fact_texts); i++)
        *fact(&entry->facts, i) = xstrdup(json_text(header, fact_texts[i].name));
    json_int64(header, "repeats", &entry->facts.repeats);
    json_int64(header, "place_named", &entry->facts.place_named);
    json_int64(header, "older", &entry->facts.older);
    json_int64(header, "fallback_start_ms", &entry->facts.fallback_start_ms);
    read_reports(entry, json_member(header, "reports"));
    return header_whole(entry) ? 0 : damaged(err, "its header lacks something");
}

static int read_record(struct reader *r, struct spool_entry *entry, uint64_t report, struct record *record,
                       struct buf *bytes, struct error *err)
{
    uint64_t length;
    int code = take_word(r, &length, err);
    if (code == 0)
        code = take_bytes(r, bytes, length, RECORD_MAX_BYTES, err);
    if (code < 0)
        return code;
    if (report >= entry->report_count || !record_decode(record, buf_text(bytes), bytes->length))
        return damaged(err, "a record in it is broken");
    return store_add(&entry->store, (uint32_t)report, &record->result, err);
}

static int read_records(struct reader *r, struct spool_entry *entry, struct error *err)
{
    _cleanup_(record_release) struct record record = RECORD_INIT;
    _cleanup_(buf_release) struct buf bytes = BUF_UNBOUNDED;
    for (;;) {
        uint64_t report;
        int code = take_word(r, &report, err);
        if (code < 0 || report == END_MARK)
            return code;
        code = read_record(r, entry, report, &record, &bytes, err);
        if (code < 0)
            return code;
    }
}

static int check_sum(struct reader *r, struct error *err)
{
    struct hash128 expected = hasher_done(&r->hasher);
    struct hash128 found;
    int code = take(r, found.bytes, sizeof found.bytes, err);
    if (code < 0)
        return code;
    return memcmp(&expected, &found, sizeof found) == 0 ? 0 : damaged(err, "its checksum is wrong");
}

/* Nothing is wrong with an entry of another version, so it is not taken for a damaged one. An earlier one did
 * not know all that a result is known again by: sent now, it could come twice. */
static int read_version(struct reader *r, struct error *err)
{
    char first[sizeof FIRST_LINE - 1];
    int code = take(r, first, sizeof first, err);
    if (code < 0 || memcmp(first, FIRST_LINE, sizeof first) == 0)
        return code;
    const char *number = first + sizeof FIRST_WORDS - 1; /* two bytes of it */
    bool one_digit = ascii_digit(number[0]) && number[1] == '\n';
    bool more_digits = ascii_digit(number[0]) && number[0] != '0' && ascii_digit(number[1]);
    if (memcmp(first, FIRST_WORDS, sizeof FIRST_WORDS - 1) != 0 || !(one_digit || more_digits))
        return damaged(err, "it is none of ours");
    if (one_digit && number[0] < VERSION[0])
        return error_set(err, ERR_FOREIGN,
                         "an earlier qtest-sync kept this; it is not sent any more: upload its report again, "
                         "then delete the file");
    return error_set(err, ERR_FOREIGN, "a newer qtest-sync kept this; it stays for that one to flush");
}

int spool_file_read(struct spool_entry *entry, struct error *err)
{
    struct reader r = {.fd = entry->fd, .chunk = BUF_UNBOUNDED};
    hasher_init(&r.hasher, "spool");
    int code = read_version(&r, err);
    if (code == 0)
        code = read_header(&r, entry, err);
    if (code == 0)
        code = read_records(&r, entry, err);
    if (code == 0)
        code = check_sum(&r, err);
    buf_release(&r.chunk);
    if (code < 0)
        error_prefix(err, "'%s/%s'", entry->folder, entry->name);
    return code;
}
