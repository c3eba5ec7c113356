#include "report/packed.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "report/input.h"

struct packing {
    const char *mark;
    size_t mark_size;
    const char *name;
    const char *unpack; /* from standard input to standard output, since some of them look at a file's
                         * ending first; NULL: it may hold several files */
};

/* The marks are those of the file(1) database and of each format's own description. */
static const struct packing packings[] = {
    {"\x1F\x8B", 2, "gzip", "gunzip"},
    {"\x1F\x9D", 2, "compress", "gunzip"},
    {"BZh", 3, "bzip2", "bunzip2"},
    {"\xFD"
     "7zXZ\0",
     6, "xz", "xz -d"},
    {"\x28\xB5\x2F\xFD", 4, "zstd", "zstd -d"},
    {"\x04\x22\x4D\x18", 4, "lz4", "lz4 -d"},
    {"PK\x03\x04", 4, "a zip archive", NULL},
    {"PK\x05\x06", 4, "an empty zip archive", NULL},
    {"7z\xBC\xAF\x27\x1C", 6, "a 7z archive", NULL},
    {"Rar!\x1A\x07", 6, "a RAR archive", NULL},
};

int report_refuse_packed(const struct report_input *in, const char *first_bytes, size_t size,
                         struct error *err)
{
    const char *label = report_input_label(in);
    for (size_t i = 0; i < ARRAY_SIZE(packings); i++) {
        const struct packing *p = &packings[i];
        if (size < p->mark_size || memcmp(first_bytes, p->mark, p->mark_size) != 0)
            continue;
        if (!p->unpack)
            return error_set(err, ERR_REPORT,
                             "'%s' is compressed (%s): unpack it, and name the reports that were in it",
                             label, p->name);
        if (text_equal(in->name, "-"))
            return error_set(err, ERR_REPORT,
                             "'%s' is compressed (%s): pipe it through %s | qtest-sync upload -", label,
                             p->name, p->unpack);
        return error_set(
            err, ERR_REPORT,
            "'%s' is compressed (%s): unpack it first, or pipe it: %s < '%s' | qtest-sync upload -", label,
            p->name, p->unpack, label);
    }
    return 0;
}
