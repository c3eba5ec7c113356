/* Screenshots of a result or step: inline pictures become attachments, links become text. Nothing is
 * fetched: the service is gone, and the query of its links was a credential (docs/formats.md 2.9).
 */
#ifndef REPORT_TESTPROJECT_SHOT_H
#define REPORT_TESTPROJECT_SHOT_H

#include <cjson/cJSON.h>

#include "report/model.h"
#include "report/testproject_reader.h"

struct shots {
    struct attachment *attachments;
    size_t attachment_count;
    size_t attachment_capacity; /* the items are in the reader's scratch */
    const char *links;          /* lines "screenshot: https://...", or NULL */
};

/* value: a text or a list of texts (or of objects with an url): a link, a data: URI, or base64 of a PNG
 * or JPEG, known by its first bytes. Anything else is left out with a warning. label begins the
 * attachments' names: "step-3" gives "step-3.png". Adds to shots. */
int shots_add(struct testproject_reader *reader, cJSON *value, const char *label, struct shots *shots);

#endif
