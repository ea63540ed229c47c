/* Texts in UTF-8 → their chunks, which ASCII spaces part, each numbered in the order in which it is met first. */
#ifndef UNROLLED_CHUNKS_H
#define UNROLLED_CHUNKS_H

#include "strings.h"

/* What str.split takes for a space. */
INLINE int is_space(uint8_t byte) { return byte == ' ' || (byte >= 9 && byte <= 13) || (byte >= 28 && byte <= 31); }

/* Where the next chunk begins, and ends at `after`; `end` where there is none. */
INLINE int64_t next_chunk(const uint8_t *content, int64_t at, int64_t end, int64_t *after) {
    while (at < end && is_space(content[at])) at++;
    for (*after = at; *after < end && !is_space(content[*after]);) ++*after;
    return at;
}

/* content[starts[k]:starts[k + 1]] is text k → ids, text after text; counts (texts,) of each; first, size (distinct,):
   where each distinct chunk stands first, and its bytes; distinct (1,) of all.
   `ids`, `first` and `size` have room for one chunk more than half the bytes, for each text. */
EXPORT int LEVEL(number_chunks)(const uint8_t *content, const int64_t *starts, int64_t texts, int32_t *ids,
                                int64_t *counts, int64_t *first, int64_t *size, int64_t *distinct) {
    strings chunks = {0};
    int64_t number = 0;
    for (int64_t text = 0; number >= 0 && text < texts; text++) {
        int32_t *before = ids;
        int64_t end = starts[text + 1], after;
        for (int64_t at = starts[text]; number >= 0 && (at = next_chunk(content, at, end, &after)) < end; at = after) {
            int64_t known = chunks.count;
            *ids++ = (int32_t)(number = strings_add(&chunks, content + at, after - at));
            if (chunks.count > known) first[number] = at, size[number] = after - at;
        }
        counts[text] = ids - before;
    }
    *distinct = chunks.count;
    strings_free(&chunks);
    return number < 0 ? OUT_OF_MEMORY : 0;
}

#endif
