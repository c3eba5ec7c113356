#include "report/testproject_shot.h"

#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/url.h"
#include "report/inline_file.h"
#include "report/json_kind.h"
#include "report/testproject_value.h"

struct picture_type {
    const char *content_type;
    const char *extension;
    const char *beginning; /* of the base64 */
};

/* 89 50 4E 47 0D 0A 1A 0A, and FF D8 FF */
static const struct picture_type types[] = {
    {"image/png", "png", "iVBORw0KGgo"},
    {"image/jpeg", "jpg", "/9j/"},
};

static const struct picture_type *type_of(const char *base64)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (text_starts(base64, types[i].beginning))
            return &types[i];
    return NULL;
}

static void add_picture(struct testproject_reader *reader, const struct picture_type *type,
                        const char *base64, const char *label, struct shots *shots)
{
    if (shots->attachment_count == shots->attachment_capacity) {
        size_t capacity = shots->attachment_capacity ? shots->attachment_capacity * 2 : 2;
        struct attachment *grown = arena_array(&reader->scratch, capacity, sizeof *grown);
        if (shots->attachment_count)
            memcpy(grown, shots->attachments, shots->attachment_count * sizeof *grown);
        shots->attachments = grown;
        shots->attachment_capacity = capacity;
    }
    size_t number = shots->attachment_count + 1;
    shots->attachments[shots->attachment_count++] = (struct attachment){
        .name = number == 1 ? arena_printf(&reader->scratch, "%s.%s", label, type->extension)
                            : arena_printf(&reader->scratch, "%s-%zu.%s", label, number, type->extension),
        .content_type = type->content_type,
        .base64 = base64,
    };
}

static void add_link(const char *url, struct buf *links)
{
    _cleanup_free_ char *shown = xstrdup(url);
    url_cut_user(shown);
    buf_printf(links, "%sscreenshot: %.*s", links->length ? "\n" : "", (int)strcspn(shown, "?#"), shown);
}

static int add_one(struct testproject_reader *reader, const char *text, const char *label,
                   struct shots *shots, struct buf *links)
{
    if (text_starts_nocase(text, "http://") || text_starts_nocase(text, "https://")) {
        add_link(text, links);
        return 0;
    }
    const char *type_text;
    size_t type_size;
    bool uri = text_starts_nocase(text, "data:");
    const char *data = uri ? inline_data(text, &type_text, &type_size) : text;
    const char *base64 = data ? inline_base64(&reader->scratch, data) : NULL;
    const struct picture_type *type = base64 ? type_of(base64) : NULL;
    if (type) {
        add_picture(reader, type, base64, label, shots);
        return 0;
    }
    return reader_warn(
        reader, WARN_SCREENSHOT,
        "a screenshot of test '%s' is neither a link nor a PNG or JPEG in base64; it is left out",
        reader_excerpt(reader, reader->test_name ? reader->test_name : ""));
}

int shots_add(struct testproject_reader *reader, cJSON *value, const char *label, struct shots *shots)
{
    _cleanup_(buf_release) struct buf links = BUF_UNBOUNDED;
    buf_puts(&links, shots->links);
    int rc = 0;
    for (cJSON *item = value_first(value); item && rc == 0; item = value_next(value, item)) {
        const char *text =
            json_is_object(item) ? value_reference(reader, item, REFERENCE_URL) : value_trimmed(reader, item);
        rc = text ? add_one(reader, text, label, shots, &links) : 0;
    }
    if (links.length)
        shots->links = arena_text(&reader->scratch, links.bytes, links.length);
    return rc;
}
