/* Texts in UTF-8 → their chunks, which ASCII spaces part, each numbered in the order in which it is met first.

A hash table of open addressing holds the numbers of the distinct chunks; it doubles before it is half full.
*/
#ifndef UNROLLED_CHUNKS_H
#define UNROLLED_CHUNKS_H

#include "fnv1a.h"

typedef struct {
    const uint8_t *content;
    int64_t *first, *size; /* (distinct,) where each distinct chunk stands first, and its bytes */
    uint32_t *hashes;      /* (capacity / 2,) */
    int32_t *slots;        /* (capacity,) 1 + a chunk's number, or 0 */
    int64_t capacity, distinct;
} chunk_table;

/* What str.split takes for a space. */
INLINE int is_space(uint8_t byte) { return byte == ' ' || (byte >= 9 && byte <= 13) || (byte >= 28 && byte <= 31); }

/* Double the table, or make the first; 0 where there is no memory. */
INLINE int grow(chunk_table *t) {
    int64_t capacity = t->capacity ? 2 * t->capacity : 1 << 12;
    uint32_t *hashes = realloc(t->hashes, (size_t)capacity * 2);
    if (hashes) t->hashes = hashes;
    int32_t *slots = hashes ? calloc((size_t)capacity, 4) : NULL;
    if (!slots) return 0;
    for (int64_t k = 0; k < t->distinct; k++) {
        int64_t at = t->hashes[k] & (capacity - 1);
        while (slots[at]) at = (at + 1) & (capacity - 1);
        slots[at] = (int32_t)k + 1;
    }
    free(t->slots);
    t->slots = slots;
    t->capacity = capacity;
    return 1;
}

/* The number of content[start:end], which is new or was met before. */
INLINE int32_t number_of(chunk_table *t, int64_t start, int64_t end) {
    uint32_t hash = fnv1a(2166136261u, t->content + start, end - start);
    hash ^= hash >> 15;
    int64_t at = hash & (t->capacity - 1), size = end - start;
    for (; t->slots[at]; at = (at + 1) & (t->capacity - 1)) {
        int32_t k = t->slots[at] - 1;
        if (t->hashes[k] != hash || t->size[k] != size) continue;
        if (!memcmp(t->content + t->first[k], t->content + start, (size_t)size)) return k;
    }
    int32_t found = (int32_t)t->distinct++;
    t->slots[at] = found + 1;
    t->hashes[found] = hash;
    t->first[found] = start;
    t->size[found] = size;
    return found;
}

/* content[starts[k]:starts[k + 1]] is text k → ids, text after text; counts (texts,) of each; distinct (1,) of all.
   `ids`, `first` and `size` have room for one chunk more than half the bytes, for each text. */
EXPORT int LEVEL(number_chunks)(const uint8_t *content, const int64_t *starts, int64_t texts, int32_t *ids,
                                int64_t *counts, int64_t *first, int64_t *size, int64_t *distinct) {
    chunk_table table = {.content = content, .first = first, .size = size};
    int has_memory = grow(&table);
    for (int64_t text = 0; has_memory && text < texts; text++) {
        int32_t *before = ids;
        for (int64_t at = starts[text], end = starts[text + 1]; has_memory && at < end;) {
            int64_t start = at;
            while (at < end && !is_space(content[at])) at++;
            if (at > start) *ids++ = number_of(&table, start, at);
            if (2 * table.distinct + 2 > table.capacity) has_memory = grow(&table);
            at++;
        }
        counts[text] = ids - before;
    }
    *distinct = table.distinct;
    free(table.hashes);
    free(table.slots);
    return has_memory ? 0 : OUT_OF_MEMORY;
}

#endif
