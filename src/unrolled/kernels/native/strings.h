/* Distinct strings of bytes → their numbers, in the order in which they were added.

A hash table of open addressing; it doubles before it is half full. The strings stand one behind another in memory of
their own.
*/
#ifndef UNROLLED_STRINGS_H
#define UNROLLED_STRINGS_H

#include "walk.h"

typedef struct {
    uint32_t hash;
    int32_t number; /* of the string, from 1 on; 0 where there is none */
} slot;

typedef struct {
    uint8_t *bytes;
    int64_t *starts; /* (count + 1,) where each string begins, and the last one ends */
    slot *slots;     /* (capacity,) */
    int64_t count, capacity, room, byte_room;
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
    *s = (strings){0};
}

INLINE int64_t bytes_of(const strings *s) { return s->count ? s->starts[s->count] : 0; }

INLINE uint64_t eight_bytes(const uint8_t *text) {
    uint64_t found;
    memcpy(&found, text, 8);
    return found;
}

/* Eight bytes at a time, the last ones twice where they overlap. */
INLINE uint32_t hash_of(const uint8_t *text, int64_t size) {
    const uint64_t odd = 0x9E3779B97F4A7C15u;
    uint64_t state = (uint64_t)size, last = 0;
    for (int64_t k = 0; k + 8 < size; k += 8) state = (state ^ eight_bytes(text + k)) * odd, state ^= state >> 29;
    if (size >= 8) last = eight_bytes(text + size - 8);
    else
        for (int64_t k = 0; k < size; k++) last = last << 8 | text[k];
    state = (state ^ last) * odd;
    return (uint32_t)(state >> 32 ^ state);
}

INLINE int strings_grow(strings *s) {
    int64_t capacity = s->capacity ? 2 * s->capacity : 1 << 12;
    slot *slots = calloc((size_t)capacity, sizeof *slots);
    if (!slots || !reserve(&s->starts, &s->room, capacity / 2 + 1, sizeof *s->starts)) return free(slots), 0;
    for (int64_t k = 0; k < s->capacity; k++) {
        if (!s->slots[k].number) continue;
        int64_t at = s->slots[k].hash & (capacity - 1);
        while (slots[at].number) at = (at + 1) & (capacity - 1);
        slots[at] = s->slots[k];
    }
    free(s->slots);
    s->slots = slots;
    s->capacity = capacity;
    s->starts[0] = 0;
    return 1;
}

/* The slot of a string, or the empty one where it would be. */
INLINE slot *strings_slot(const strings *s, const uint8_t *text, int64_t size, uint32_t hash) {
    int64_t at = hash & (s->capacity - 1);
    for (; s->slots[at].number; at = (at + 1) & (s->capacity - 1)) {
        const int64_t *start = s->starts + s->slots[at].number - 1;
        if (s->slots[at].hash == hash && start[1] - start[0] == size && !memcmp(s->bytes + start[0], text, (size_t)size))
            break;
    }
    return s->slots + at;
}

/* The number of a string from 0 on; -1 for one that isn't there. */
INLINE int64_t strings_find(const strings *s, const uint8_t *text, int64_t size) {
    return s->capacity ? strings_slot(s, text, size, hash_of(text, size))->number - 1 : -1;
}

/* The number of a string, which is added if it is new, as `count` then shows; -1 where there is no memory. */
INLINE int64_t strings_add(strings *s, const uint8_t *text, int64_t size) {
    if (2 * s->count + 2 > s->capacity && !strings_grow(s)) return -1;
    uint32_t hash = hash_of(text, size);
    slot *found = strings_slot(s, text, size, hash);
    if (found->number) return found->number - 1;
    int64_t end = s->starts[s->count];
    if (!reserve(&s->bytes, &s->byte_room, end + size, 1)) return -1;
    memcpy(s->bytes + end, text, (size_t)size);
    s->starts[++s->count] = end + size;
    *found = (slot){hash, (int32_t)s->count};
    return s->count - 1;
}

#endif
