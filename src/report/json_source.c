#include "report/json_source.h"

#include <string.h>

#include "report/input.h"

#define PIECE_BYTES 65536

void json_source_init(struct json_source *source, struct report_input *in)
{
    *source = (struct json_source){.in = in, .decoded = BUF_UNBOUNDED};
}

void json_source_release(struct json_source *source)
{
    if (source->started)
        scrub_decoder_release(&source->decoder);
    buf_release(&source->decoded);
}

static int start(struct json_source *source, struct error *err)
{
    size_t size;
    const char *bytes = report_input_peek(source->in, &size, err);
    if (!bytes)
        return -ERR_IO;
    source->started = true;
    scrub_decoder_init(&source->decoder, bytes, size);
    if (source->decoder.refusal)
        return scrub_decoder_refuse(&source->decoder, report_input_label(source->in), err);
    return 0;
}

static int decode_more(struct json_source *source, struct error *err)
{
    char piece[PIECE_BYTES];
    ssize_t got = report_input_read(source->in, piece, sizeof piece, err);
    if (got < 0)
        return (int)got;
    buf_clear(&source->decoded);
    source->decoded_used = 0;
    source->ended = got == 0;
    if (source->ended)
        scrub_decode_end(&source->decoder, &source->decoded);
    else
        scrub_decode(&source->decoder, &source->decoded, piece, (size_t)got);
    return 0;
}

/* The mark itself is decoded to U+FEFF, which the window skips as UTF-8's mark. */
ssize_t json_source_read(void *self, void *room, size_t size, struct error *err)
{
    struct json_source *source = self;
    int rc = source->started ? 0 : start(source, err);
    if (rc < 0)
        return rc;
    if (source->decoder.is_utf8)
        return report_input_read(source->in, room, size, err);
    while (source->decoded_used == source->decoded.length && !source->ended)
        if ((rc = decode_more(source, err)) < 0)
            return rc;
    size_t rest = source->decoded.length - source->decoded_used;
    size_t count = rest < size ? rest : size;
    if (count)
        memcpy(room, source->decoded.bytes + source->decoded_used, count);
    source->decoded_used += count;
    return (ssize_t)count;
}
