#include "report/file_hash.h"

#include <string.h>

void file_hasher_init(struct file_hasher *h)
{
    *h = (struct file_hasher){0};
    for (int i = 0; i < FILE_HASH_LANES; i++) {
        hasher_init(&h->lanes[i], "filelane"); /* 8 bytes, so that a lane's words stay aligned */
        hasher_number(&h->lanes[i], i);
    }
}

static inline uint64_t load64(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline uint64_t rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static inline __attribute__((always_inline)) void sip_round(struct hasher *h)
{
    h->v0 += h->v1;
    h->v2 += h->v3;
    h->v1 = rotate(h->v1, 13) ^ h->v0;
    h->v3 = rotate(h->v3, 16) ^ h->v2;
    h->v0 = rotate(h->v0, 32);
    h->v2 += h->v1;
    h->v0 += h->v3;
    h->v1 = rotate(h->v1, 17) ^ h->v2;
    h->v3 = rotate(h->v3, 21) ^ h->v0;
    h->v2 = rotate(h->v2, 32);
}

/* Two neighbouring lanes at a time: more would not fit the registers. */
static void add_to_pair(struct hasher lanes[2], const uint8_t *in, size_t stripes)
{
    struct hasher a = lanes[0];
    struct hasher b = lanes[1];
    for (size_t i = 0; i < stripes; i++, in += FILE_HASH_STRIPE_BYTES) {
        uint64_t word_a = load64(in);
        uint64_t word_b = load64(in + 8);
        a.v3 ^= word_a;
        b.v3 ^= word_b;
        sip_round(&a);
        sip_round(&b);
        sip_round(&a);
        sip_round(&b);
        a.v0 ^= word_a;
        b.v0 ^= word_b;
    }
    a.length += 8 * stripes;
    b.length += 8 * stripes;
    lanes[0] = a;
    lanes[1] = b;
}

static void add_stripes(struct file_hasher *h, const uint8_t *in, size_t stripes)
{
    add_to_pair(h->lanes, in, stripes);
    add_to_pair(h->lanes + 2, in + 16, stripes);
}

void file_hasher_add(struct file_hasher *h, const void *bytes, size_t size)
{
    const uint8_t *in = bytes;
    size_t fill = h->length % FILE_HASH_STRIPE_BYTES;
    if (size == 0)
        return;
    h->length += size;
    if (fill) {
        size_t part = FILE_HASH_STRIPE_BYTES - fill < size ? FILE_HASH_STRIPE_BYTES - fill : size;
        memcpy(h->pending + fill, in, part);
        in += part;
        size -= part;
        if (fill + part < FILE_HASH_STRIPE_BYTES)
            return;
        add_stripes(h, h->pending, 1);
    }
    size_t stripes = size / FILE_HASH_STRIPE_BYTES;
    add_stripes(h, in, stripes);
    memcpy(h->pending, in + stripes * FILE_HASH_STRIPE_BYTES, size % FILE_HASH_STRIPE_BYTES);
}

struct hash128 file_hasher_done(const struct file_hasher *h)
{
    struct hasher whole;
    hasher_init(&whole, "file");
    for (int i = 0; i < FILE_HASH_LANES; i++) {
        struct hash128 lane = hasher_done(&h->lanes[i]);
        hasher_field(&whole, lane.bytes, sizeof lane.bytes);
    }
    hasher_field(&whole, h->pending, h->length % FILE_HASH_STRIPE_BYTES);
    hasher_number(&whole, (int64_t)h->length);
    return hasher_done(&whole);
}
