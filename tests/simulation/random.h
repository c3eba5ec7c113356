/* Random numbers that are the same on every machine. What a schedule decides is drawn from a key (seed,
 * uploader, request), never from the order of things, so that leaving one fault out does not change the
 * others: only so can a failing schedule shrink. */
#ifndef SIMULATION_RANDOM_H
#define SIMULATION_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

/* The finaliser of splitmix64. */
static inline uint64_t mix64(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static inline struct rng rng_keyed(uint64_t seed, uint64_t key)
{
    return (struct rng){.state = mix64(seed ^ mix64(key))};
}

static inline uint64_t rng_next(struct rng *rng)
{
    rng->state += 0x9e3779b97f4a7c15u;
    return mix64(rng->state);
}

/* 0 to count - 1 */
static inline int64_t rng_below(struct rng *rng, int64_t count)
{
    return (int64_t)(rng_next(rng) % (uint64_t)count);
}

static inline int64_t rng_between(struct rng *rng, int64_t low, int64_t high)
{
    return low + rng_below(rng, high - low + 1);
}

/* True once in count. */
static inline bool rng_once_in(struct rng *rng, int64_t count)
{
    return rng_below(rng, count) == 0;
}

#endif
