/* The configuration file: one JSON object whose members are names of options.
 *
 *     {"url": "https://shop.qtestnet.com", "project": "Shop", "status-words": "PASSED,FAILED,SKIPPED"}
 *
 * Found by default (".qtest-sync.json" in the working folder, which a pull request can change), it may
 * not say where results, tokens and files go, nor turn the upload or its errors off: those keys are refused
 * by name. Only a regular file is read, so that no pipe or device can hold the command up.
 */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/options.h"

#define CONFIG_DEFAULT_NAME ".qtest-sync.json"
#define CONFIG_MAX_BYTES    (1024 * 1024)

/* Unknown keys are errors with a suggestion. trusted: the file was named by the user. Errors: ERR_USAGE. */
int config_read(const char *path, bool trusted, struct option_values *values, struct error *err);
/* The same on text already read, for tests. */
int config_parse(const char *text, size_t size, const char *path, bool trusted, struct option_values *values,
                 struct error *err);

#endif
