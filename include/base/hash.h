/* SipHash-2-4 with 128 bits of output and a fixed key, over length-prefixed fields with a domain tag.
 *
 * Every identity is made with it, so neither the function, the key nor the
 * field encoding can ever change; tests/unit/test_hash.c holds the vectors. A field is its length as 8
 * bytes, little end first, followed by its bytes; an absent field (NULL) is the length 2^64 - 1 and no
 * bytes. The first field is the domain tag. What is hashed for which identity stands in sync/identity.h.
 *
 * It is no secret: the key is public, and nothing here withstands somebody who looks for collisions.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash128 {
    uint8_t bytes[16];
};

struct hasher {
    uint64_t v0, v1, v2, v3;
    uint64_t pending; /* bytes not yet a whole word, little end first */
    uint64_t length;  /* bytes so far */
};

void hasher_init(struct hasher *h, const char *domain);
void hasher_text(struct hasher *h, const char *text); /* NULL: the absent field */
void hasher_field(struct hasher *h, const void *bytes, size_t size);
void hasher_number(struct hasher *h, int64_t value); /* a field of 8 bytes, little end first */
/* Bytes without a length, for streams (files); close such a stream with hasher_number(bytes read). */
void hasher_raw(struct hasher *h, const void *bytes, size_t size);
struct hash128 hasher_done(const struct hasher *h);

uint64_t hash128_low(const struct hash128 *hash); /* the first 8 bytes, little end first */
void hash128_hex(const struct hash128 *hash, char ret_text[33]);
/* SipHash-2-4-128 with any key, for the published test vectors. */
struct hash128 siphash128(const uint8_t key[16], const void *bytes, size_t size);
/* A fast 64-bit hash for tables in memory; no identity, free to change. */
uint64_t hash_for_table(const void *bytes, size_t size);

#endif
