#include "sync/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "sync/content_template.h"

#define SLUG_MAX_BYTES 60

static bool testproject_identity(const struct test_result *r)
{
    return r->folder_count > 0 || (!r->class_name && !r->suite_name);
}

static void hash_path(struct hasher *h, const struct test_result *r)
{
    hasher_text(h, "path");
    for (size_t i = 0; i < r->folder_count; i++)
        hasher_text(h, r->folders[i]);
    hasher_text(h, "name");
    hasher_text(h, r->name);
}

static void hash_class(struct hasher *h, const struct test_result *r)
{
    hasher_text(h, "class");
    hasher_text(h, r->class_name ? r->class_name : r->suite_name);
    hasher_text(h, "name");
    hasher_text(h, r->name);
}

static struct hash128 case_hash(const struct test_result *r)
{
    struct hasher h;
    hasher_init(&h, "case");
    if (r->test_id) {
        hasher_text(&h, "id");
        hasher_text(&h, r->test_id);
    } else if (testproject_identity(r)) {
        hash_path(&h, r);
    } else {
        hash_class(&h, r);
    }
    return hasher_done(&h);
}

/* Lower-case letters, digits and single hyphens. Pure in the text: the slug is part of the key. */
static void put_slug(struct buf *out, const char *text)
{
    size_t begin = out->length;
    for (; *text && out->length - begin < SLUG_MAX_BYTES; text++) {
        if (ascii_alnum(*text))
            buf_putc(out, ascii_lower(*text));
        else if (out->length > begin && out->bytes[out->length - 1] != '-')
            buf_putc(out, '-');
    }
    while (out->length > begin && out->bytes[out->length - 1] == '-')
        buf_truncate(out, out->length - 1);
    if (out->length == begin)
        buf_puts(out, "test");
}

char *identity_case_key(const struct test_result *result)
{
    struct hash128 hash = case_hash(result);
    char hex[33];
    hash128_hex(&hash, hex);
    struct buf key = BUF_UNBOUNDED;
    buf_puts(&key, CASE_KEY_PREFIX);
    put_slug(&key, result->test_id ? result->test_id : result->name);
    buf_putc(&key, '-');
    buf_put(&key, hex, 16);
    return buf_take(&key);
}

char *identity_weaker_key(const struct test_result *result, enum identity_strength strength)
{
    struct test_result weaker = {.name = result->name};
    bool stronger = strength == IDENTITY_WITHOUT_ID ? result->test_id != NULL : result->folder_count > 0;
    if (!stronger)
        return NULL;
    if (strength == IDENTITY_WITHOUT_ID) {
        weaker.folders = result->folders;
        weaker.folder_count = result->folder_count;
        weaker.class_name = result->class_name;
        weaker.suite_name = result->suite_name;
    }
    return identity_case_key(&weaker);
}

char *identity_automation_content(const struct test_result *result, const char *content_template)
{
    bool empty;
    return text_empty(content_template) ? identity_case_key(result)
                                        : content_template_fill(content_template, result, &empty);
}

char *identity_from_report_url(const char *url)
{
    static const char mark[] = "/execution/";
    const char *at = url ? strstr(url, mark) : NULL;
    if (!at)
        return NULL;
    at += sizeof mark - 1;
    size_t length = strcspn(at, "?/#&");
    return length ? xstrndup(at, length) : NULL;
}

char *identity_of_bytes(const struct report_meta *meta, const char *job)
{
    struct hasher h;
    hasher_init(&h, "execution");
    hasher_field(&h, meta->file_hash.bytes, sizeof meta->file_hash.bytes);
    hasher_text(&h, text_empty(job) ? NULL : job);
    struct hash128 hash = hasher_done(&h);
    char hex[33];
    hash128_hex(&hash, hex);
    return xstrdup(hex);
}

#define BUILD_DIGITS 12

static void build_digits(const char *execution_id, char ret[BUILD_DIGITS + 1])
{
    struct hasher h;
    hasher_init(&h, "build");
    hasher_text(&h, execution_id);
    struct hash128 hash = hasher_done(&h);
    char hex[33];
    hash128_hex(&hash, hex);
    memcpy(ret, hex, BUILD_DIGITS);
    ret[BUILD_DIGITS] = '\0';
}

char *identity_build_number(const char *ci_number, const char *execution_id, bool named)
{
    char digits[BUILD_DIGITS + 1];
    build_digits(execution_id, digits);
    if (!text_empty(ci_number))
        return xasprintf("%s (%s)", ci_number, digits);
    return xstrdup(named ? execution_id : digits);
}

bool identity_is_build_of(const char *build_number, const char *execution_id)
{
    char digits[BUILD_DIGITS + 1];
    if (!build_number)
        return false;
    build_digits(execution_id, digits);
    _cleanup_free_ char *behind = xasprintf(" (%s)", digits);
    return text_equal(build_number, execution_id) || text_equal(build_number, digits) ||
           text_ends(build_number, behind);
}

static struct hash128 mark(struct hasher *h, bool named)
{
    struct hash128 hash = hasher_done(h);
    hash.bytes[0] = (uint8_t)((hash.bytes[0] & ~1u) | named);
    return hash;
}

bool identity_mark_is_named(uint64_t first_bytes)
{
    return first_bytes & 1;
}

static void begin(struct hasher *h, const char *domain, const struct mark_place *place)
{
    hasher_init(h, domain);
    hasher_text(h, place->automation_content);
    hasher_text(h, place->suite);
}

struct hash128 identity_execution_mark(const struct mark_place *place, const char *execution_id, bool named)
{
    struct hasher h;
    begin(&h, "log", place);
    hasher_text(&h, execution_id);
    return mark(&h, named);
}

struct hash128 identity_result_mark(const struct mark_place *place, const struct result_identity *result)
{
    static const int64_t verdicts[] = {
        [RESULT_PASSED] = 0, [RESULT_FAILED] = 1, [RESULT_ERROR] = 1, [RESULT_SKIPPED] = 2};
    struct hasher h;
    begin(&h, "result", place);
    hasher_number(&h, result->start_ms);
    hasher_number(&h, result->duration_ms);
    hasher_number(&h, verdicts[result->status]);
    return mark(&h, false);
}

struct hash128 identity_many_marks(size_t count, uint64_t sum)
{
    struct hasher h;
    hasher_init(&h, "marks");
    hasher_number(&h, (int64_t)count);
    hasher_number(&h, (int64_t)sum);
    return mark(&h, false);
}
