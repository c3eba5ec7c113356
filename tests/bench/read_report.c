/* Reads one report as inspect does, keeping counts only. With --salvage and --print for a look at it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/input.h"
#include "report/reader.h"

static int drop(void *self, const struct test_result *result, struct error *err)
{
    (void)self, (void)result, (void)err;
    return 0;
}

static void print(const struct report_meta *meta)
{
    const struct report_counts *c = &meta->counts;
    printf("results %" PRId64 " failed %" PRId64 " error %" PRId64 " skipped %" PRId64
           " suite_errors %" PRId64 "\n",
           c->results, c->failed, c->error, c->skipped, c->suite_errors);
    for (size_t i = 0; i < meta->warnings.count; i++)
        printf("warning: %s\n", meta->warnings.items[i]);
}

int main(int argc, char **argv)
{
    struct read_options options = {0};
    struct report_sink sink = {.result = drop};
    struct report_input in;
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    options.salvage = argc > 2 && strcmp(argv[1], "--salvage") == 0;
    if (argc < 2 || report_input_open(&in, argv[argc - 1], &err) != 0)
        return 2;
    int failed = report_read(&in, &options, &sink, &meta, &err);
    if (failed)
        printf("%s\n", err.text);
    print(&meta);
    report_input_close(&in);
    report_meta_release(&meta);
    error_release(&err);
    return failed != 0;
}
