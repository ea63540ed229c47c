/* Texts in UTF-8 → their chunks, which ASCII spaces part, each numbered in the order in which it is met first. */
#ifndef UNROLLED_CHUNKS_H
#define UNROLLED_CHUNKS_H

#include "strings.h"

/* What str.split takes for a space. */
INLINE int is_space(uint8_t byte) { return byte == ' ' || (byte >= 9 && byte <= 13) || (byte >= 28 && byte <= 31); }

#define EXPECTED 64 /* chunks whose places in the table are fetched before they are looked for */

/* Take some of the chunks that are left of content[*at:end]; 0 where there are none. */
INLINE int64_t next_chunks(const strings *known, const uint8_t *content, int64_t *at, int64_t end, key *chunks) {
    int64_t count = 0, first = *at, after = *at;
    while (count < EXPECTED) {
        for (first = after; first < end && is_space(content[first]);) first++;
        for (after = first; after < end && !is_space(content[after]);) after++;
        if (first == after) break;
        chunks[count] = key_of(known, content + first, after - first);
        expect(known, chunks + count++);
    }
    *at = after;
    return count;
}

/* content[starts[k]:starts[k + 1]] is text k, SPARE bytes behind the last → ids, text after text; counts (texts,) of
   each; first, size (distinct,): where each distinct chunk stands first, and its bytes; distinct (1,) of all.
   `ids`, `first` and `size` have room for one chunk more than half the bytes, for each text. */
EXPORT int LEVEL(number_chunks)(int64_t seed, const uint8_t *content, const int64_t *starts, int64_t texts,
                                int32_t *ids, int64_t *counts, int64_t *first, int64_t *size, int64_t *distinct) {
    strings known = {.seed = (uint64_t)seed};
    key chunks[EXPECTED];
    int64_t number = 0;
    for (int64_t text = 0; number >= 0 && text < texts; text++) {
        int32_t *before = ids;
        for (int64_t at = starts[text], count = 1; count && number >= 0;) {
            count = next_chunks(&known, content, &at, starts[text + 1], chunks);
            for (int64_t k = 0; k < count && number >= 0; k++) {
                int64_t met = known.count;
                *ids++ = (int32_t)(number = strings_add(&known, chunks + k));
                if (known.count > met) first[number] = chunks[k].text - content, size[number] = chunks[k].size;
            }
        }
        counts[text] = ids - before;
    }
    *distinct = known.count;
    strings_free(&known);
    return number < 0 ? OUT_OF_MEMORY : 0;
}

#endif
