/* One reading of a JSON report, for tests/bench/bench_json.py to measure from outside:
 *
 *     json_reading reader FILE|-     with testproject_read, counting the results
 *     json_reading cjson FILE        the whole file with one cJSON_Parse
 *
 * The second line of the output is the peak memory in KiB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/memory.h"
#include "report/input.h"
#include "report/reader.h"

static int count_result(void *self, const struct test_result *result, struct error *err)
{
    (void)err;
    int64_t *steps = self;
    *steps += (int64_t)result->step_count;
    return 0;
}

static int run_reader(const char *path)
{
    int64_t steps = 0;
    struct report_input in;
    struct read_options options = {0};
    struct report_sink sink = {.self = &steps, .result = count_result};
    struct report_meta meta = REPORT_META_INIT;
    struct error err = ERROR_INIT;
    int rc = report_input_open(&in, path, &err);
    if (rc == 0)
        rc = testproject_read(&in, &options, &sink, &meta, &err);
    if (rc < 0)
        fprintf(stderr, "%s\n", err.text);
    else
        printf("%lld results, %lld failed, %lld steps\n", (long long)meta.counts.results,
               (long long)meta.counts.failed, (long long)steps);
    report_input_close(&in);
    report_meta_release(&meta);
    error_release(&err);
    return rc < 0;
}

static int run_cjson(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return 1;
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = xmalloc(size + 1);
    if (fread(text, 1, size, file) != size)
        return 1;
    fclose(file);
    text[size] = '\0';
    cJSON *root = cJSON_Parse(text);
    printf("%d tests\n", cJSON_GetArraySize(cJSON_GetObjectItem(root, "testResults")));
    bool good = root != NULL;
    cJSON_Delete(root);
    free(text);
    return !good;
}

/* This program's own peak; what getrusage says begins with the parent's before exec. */
static void print_peak(void)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            printf("%lld\n", strtoll(line + 6, NULL, 10));
    if (status)
        fclose(status);
}

static int run(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "reader") == 0)
        return run_reader(argv[2]);
    if (argc == 3 && strcmp(argv[1], "cjson") == 0)
        return run_cjson(argv[2]);
    fputs("usage: json_reading reader FILE|- | cjson FILE\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    int rc = run(argc, argv);
    print_peak();
    return rc;
}
