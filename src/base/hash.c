#include "base/hash.h"

#include <stdio.h>
#include <string.h>

/* "qtest-sync ident" as two little-endian words: part of every identity, never changed. */
static const uint8_t identity_key[16] = {'q', 't', 'e', 's', 't', '-', 's', 'y',
                                         'n', 'c', ' ', 'i', 'd', 'e', 'n', 't'};

static uint64_t load64(const uint8_t *bytes)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

static void store64(uint8_t *bytes, uint64_t word)
{
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(word >> (8 * i) & 0xFF);
}

static uint64_t rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static void sip_rounds(struct hasher *h, int rounds)
{
    while (rounds-- > 0) {
        h->v0 += h->v1;
        h->v1 = rotate(h->v1, 13) ^ h->v0;
        h->v0 = rotate(h->v0, 32);
        h->v2 += h->v3;
        h->v3 = rotate(h->v3, 16) ^ h->v2;
        h->v0 += h->v3;
        h->v3 = rotate(h->v3, 21) ^ h->v0;
        h->v2 += h->v1;
        h->v1 = rotate(h->v1, 17) ^ h->v2;
        h->v2 = rotate(h->v2, 32);
    }
}

static void sip_init(struct hasher *h, const uint8_t key[16])
{
    uint64_t k0 = load64(key);
    uint64_t k1 = load64(key + 8);
    *h = (struct hasher){.v0 = k0 ^ 0x736f6d6570736575ULL,
                         .v1 = k1 ^ 0x646f72616e646f6dULL ^ 0xee,
                         .v2 = k0 ^ 0x6c7967656e657261ULL,
                         .v3 = k1 ^ 0x7465646279746573ULL};
}

static void sip_word(struct hasher *h, uint64_t word)
{
    h->v3 ^= word;
    sip_rounds(h, 2);
    h->v0 ^= word;
}

void hasher_raw(struct hasher *h, const void *bytes, size_t size)
{
    const uint8_t *in = bytes;
    unsigned fill = (unsigned)(h->length % 8);
    h->length += size;
    while (fill && size) {
        h->pending |= (uint64_t)*in++ << (8 * fill);
        size--;
        fill = (fill + 1) % 8;
        if (fill == 0) {
            sip_word(h, h->pending);
            h->pending = 0;
        }
    }
    for (; size >= 8; size -= 8, in += 8)
        sip_word(h, load64(in));
    for (unsigned i = 0; i < size; i++)
        h->pending |= (uint64_t)in[i] << (8 * (fill + i));
}

struct hash128 hasher_done(const struct hasher *state)
{
    struct hasher h = *state;
    sip_word(&h, h.pending | h.length << 56);
    struct hash128 hash;
    h.v2 ^= 0xee;
    sip_rounds(&h, 4);
    store64(hash.bytes, h.v0 ^ h.v1 ^ h.v2 ^ h.v3);
    h.v1 ^= 0xdd;
    sip_rounds(&h, 4);
    store64(hash.bytes + 8, h.v0 ^ h.v1 ^ h.v2 ^ h.v3);
    return hash;
}

struct hash128 siphash128(const uint8_t key[16], const void *bytes, size_t size)
{
    struct hasher h;
    sip_init(&h, key);
    hasher_raw(&h, bytes, size);
    return hasher_done(&h);
}

void hasher_init(struct hasher *h, const char *domain)
{
    sip_init(h, identity_key);
    hasher_text(h, domain);
}

static void put_word(struct hasher *h, uint64_t word)
{
    uint8_t bytes[8];
    store64(bytes, word);
    hasher_raw(h, bytes, sizeof bytes);
}

void hasher_field(struct hasher *h, const void *bytes, size_t size)
{
    put_word(h, size);
    hasher_raw(h, bytes, size);
}

void hasher_text(struct hasher *h, const char *text)
{
    if (text)
        hasher_field(h, text, strlen(text));
    else
        put_word(h, UINT64_MAX);
}

void hasher_number(struct hasher *h, int64_t value)
{
    put_word(h, 8);
    put_word(h, (uint64_t)value);
}

uint64_t hash128_low(const struct hash128 *hash)
{
    return load64(hash->bytes);
}

void hash128_hex(const struct hash128 *hash, char ret_text[33])
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < 16; i++) {
        ret_text[2 * i] = digits[hash->bytes[i] >> 4];
        ret_text[2 * i + 1] = digits[hash->bytes[i] & 15];
    }
    ret_text[32] = '\0';
}

uint64_t hash_for_table(const void *bytes, size_t size)
{
    struct hash128 hash = siphash128(identity_key, bytes, size);
    return hash128_low(&hash);
}
