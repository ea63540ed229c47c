/* Distinct strings of bytes → their numbers, in the order in which they were added.

A hash table of open addressing; it doubles before it is half full. Hashes begin with a seed that nobody can know who
writes a text, so that strings can't be chosen to meet in one place. The strings stand one behind another in memory of
their own, and short ones in the table itself too, so that to find one is to look at one place.
*/
#ifndef UNROLLED_STRINGS_H
#define UNROLLED_STRINGS_H

#include "walk.h"

#define SHORT 7 /* bytes of a string that fits its head */
#define SPARE 8 /* bytes behind every text */

/* A string that is looked for. Its head is the whole of it where it is short, the size on top; else its last bytes. The
   last bit of its hash tells which. */
typedef struct {
    const uint8_t *text;
    int64_t size;
    uint64_t head;
    uint32_t hash;
} key;

typedef struct {
    uint64_t head;
    uint32_t hash;
    int32_t number; /* of the string, from 1 on; 0 where there is none */
} slot;

typedef struct {
    uint8_t *bytes;
    int64_t *starts; /* (count + 1,) where each string begins, and the last one ends */
    slot *slots;     /* (capacity,) */
    int64_t count, capacity, room, byte_room;
    uint64_t seed;
} strings;

/* Make room for so many items; 0 where there is no memory. */
INLINE int reserve(void *memory, int64_t *room, int64_t needed, size_t item) {
    if (needed <= *room) return 1;
    int64_t larger = 2 * needed;
    void *found;
    memcpy(&found, memory, sizeof found); /* a pointer of any type */
    found = realloc(found, (size_t)larger * item);
    if (!found) return 0;
    memcpy(memory, &found, sizeof found);
    *room = larger;
    return 1;
}

INLINE void strings_free(strings *s) {
    free(s->bytes);
    free(s->starts);
    free(s->slots);
    *s = (strings){.seed = s->seed};
}

INLINE int64_t bytes_of(const strings *s) { return s->count ? s->starts[s->count] : 0; }

/* The first of them lowest. */
INLINE uint64_t eight_bytes(const uint8_t *text) {
    uint64_t found;
    memcpy(&found, text, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    found = __builtin_bswap64(found);
#endif
    return found;
}

/* Both halves of a product, one upon the other. */
INLINE uint64_t folded(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    return a * b ^ (a >> 32) * (b >> 32);
#endif
}

/* SPARE bytes behind the text may be read, whatever they are. */
INLINE key key_of(const strings *s, const uint8_t *text, int64_t size) {
    uint64_t odd = s->seed | 1, state = s->seed * 0x9E3779B97F4A7C15u, head = 0;
    if (size <= SHORT) head = (eight_bytes(text) & ((1ull << 8 * size) - 1)) | (uint64_t)size << 56;
    else {
        for (int64_t k = 0; k + 8 < size; k += 8) state = folded(state ^ eight_bytes(text + k), odd);
        head = eight_bytes(text + size - 8);
    }
    state = folded(state ^ head, odd);
    return (key){text, size, head, (uint32_t)(state >> 31) << 1 | (size <= SHORT)};
}

INLINE int strings_grow(strings *s) {
    int64_t capacity = s->capacity ? 2 * s->capacity : 1 << 12;
    slot *slots = calloc((size_t)capacity, sizeof *slots);
    if (!slots || !reserve(&s->starts, &s->room, capacity / 2 + 1, sizeof *s->starts)) return free(slots), 0;
    for (int64_t k = 0; k < s->capacity; k++) {
        if (!s->slots[k].number) continue;
        int64_t at = s->slots[k].hash >> 1 & (capacity - 1);
        while (slots[at].number) at = (at + 1) & (capacity - 1);
        slots[at] = s->slots[k];
    }
    free(s->slots);
    s->slots = slots;
    s->capacity = capacity;
    s->starts[0] = 0;
    return 1;
}

INLINE int is_in(const strings *s, const slot *at, const key *k) {
    if (at->head != k->head || at->hash != k->hash) return 0;
    if (k->size <= SHORT) return 1;
    const int64_t *start = s->starts + at->number - 1;
    return start[1] - start[0] == k->size && !memcmp(s->bytes + start[0], k->text, (size_t)k->size);
}

/* The slot of a string, or the empty one where it would be. */
INLINE slot *slot_of(const strings *s, const key *k) {
    int64_t at = k->hash >> 1 & (s->capacity - 1);
    while (s->slots[at].number && !is_in(s, s->slots + at, k)) at = (at + 1) & (s->capacity - 1);
    return s->slots + at;
}

/* Have the place fetched where a string will be looked for. */
INLINE void expect(const strings *s, const key *k) {
    if (s->capacity) __builtin_prefetch(s->slots + (k->hash >> 1 & (s->capacity - 1)));
}

/* The number of a string from 0 on; -1 for one that isn't there. */
INLINE int64_t strings_find(const strings *s, const key *k) { return s->capacity ? slot_of(s, k)->number - 1 : -1; }

/* The number of a string, which is added if it is new, as `count` then shows; -1 where there is no memory. */
INLINE int64_t strings_add(strings *s, const key *k) {
    if (2 * s->count + 2 > s->capacity && !strings_grow(s)) return -1;
    slot *found = slot_of(s, k);
    if (found->number) return found->number - 1;
    int64_t end = s->starts[s->count];
    if (!reserve(&s->bytes, &s->byte_room, end + k->size, 1)) return -1;
    memcpy(s->bytes + end, k->text, (size_t)k->size);
    s->starts[++s->count] = end + k->size;
    *found = (slot){k->head, k->hash, (int32_t)s->count};
    return s->count - 1;
}

#endif
