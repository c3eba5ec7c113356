/* Stands in for libFuzzer: feeds each file of the folders named to the target, once whole and once
 * without its last byte, and says so in a line of TAP. A crash or a sanitizer's finding ends it. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of exactly that size, so that reading past the end is noticed. */
static void feed(const char *bytes, size_t size)
{
    uint8_t *copy = xmalloc(size ? size : 1);
    memcpy(copy, bytes ? bytes : "", size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int replay_file(const char *path)
{
    _cleanup_(buf_release) struct buf text = BUF_UNBOUNDED;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    for (size_t got = 1; got > 0;) {
        got = fread(buf_reserve(&text, 65536), 1, 65536, file);
        buf_advance(&text, got);
    }
    fclose(file);
    feed(text.bytes, text.length);
    if (text.length)
        feed(text.bytes, text.length - 1);
    return 0;
}

static int replay_folder(const char *folder, int *count)
{
    struct dirent **entries;
    int found = scandir(folder, &entries, NULL, alphasort);
    if (found < 0) {
        perror(folder);
        return 1;
    }
    int failed = 0;
    for (int i = 0; i < found; i++) {
        _cleanup_free_ char *path = xasprintf("%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            failed |= replay_file(path);
            ++*count;
        }
        free(entries[i]);
    }
    free(entries);
    return failed;
}

int main(int argc, char **argv)
{
    int count = 0;
    int failed = 0;
    for (int i = 1; i < argc; i++)
        failed |= replay_folder(argv[i], &count);
    failed |= count == 0;
    printf("1..1\n%s 1 - %s takes its corpus of %d inputs\n", failed ? "not ok" : "ok", argv[0], count);
    return failed;
}
