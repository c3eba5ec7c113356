#include "report/file_hash.h"

#include <string.h>

#ifdef __x86_64__
#define HAS_WIDE 1
#else
#define HAS_WIDE 0
#endif

static bool wide_processor(void)
{
#if HAS_WIDE
    return __builtin_cpu_supports("avx512vl");
#else
    return false;
#endif
}

void file_hasher_init(struct file_hasher *h)
{
    *h = (struct file_hasher){.wide = wide_processor()};
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

#if HAS_WIDE
/* One word of each lane. */
typedef uint64_t words __attribute__((vector_size(32)));

#define ROTATE_WORDS(v, by) ((v) << (by) | (v) >> (64 - (by)))

/* sip_round for all lanes. */
#define ROUND_OF_WORDS(v0, v1, v2, v3)                                                                       \
    do {                                                                                                     \
        v0 += v1;                                                                                            \
        v2 += v3;                                                                                            \
        v1 = ROTATE_WORDS(v1, 13) ^ v0;                                                                      \
        v3 = ROTATE_WORDS(v3, 16) ^ v2;                                                                      \
        v0 = ROTATE_WORDS(v0, 32);                                                                           \
        v2 += v1;                                                                                            \
        v0 += v3;                                                                                            \
        v1 = ROTATE_WORDS(v1, 17) ^ v2;                                                                      \
        v3 = ROTATE_WORDS(v3, 21) ^ v0;                                                                      \
        v2 = ROTATE_WORDS(v2, 32);                                                                           \
    } while (0)

__attribute__((target("avx512vl"))) static void add_wide(struct hasher *l, const uint8_t *in, size_t stripes)
{
    words v0 = {l[0].v0, l[1].v0, l[2].v0, l[3].v0};
    words v1 = {l[0].v1, l[1].v1, l[2].v1, l[3].v1};
    words v2 = {l[0].v2, l[1].v2, l[2].v2, l[3].v2};
    words v3 = {l[0].v3, l[1].v3, l[2].v3, l[3].v3};
    for (size_t i = 0; i < stripes; i++, in += FILE_HASH_STRIPE_BYTES) {
        words word;
        memcpy(&word, in, sizeof word);
        v3 ^= word;
        ROUND_OF_WORDS(v0, v1, v2, v3);
        ROUND_OF_WORDS(v0, v1, v2, v3);
        v0 ^= word;
    }
    for (int i = 0; i < FILE_HASH_LANES; i++) {
        l[i].v0 = v0[i];
        l[i].v1 = v1[i];
        l[i].v2 = v2[i];
        l[i].v3 = v3[i];
        l[i].length += 8 * stripes;
    }
}
#endif

static void add_stripes(struct file_hasher *h, const uint8_t *in, size_t stripes)
{
#if HAS_WIDE
    if (h->wide) {
        add_wide(h->lanes, in, stripes);
        return;
    }
#endif
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
