/* Words of texts as numbers → the rows that a network of hashed n-grams reads (unrolled.model.ngrams has the hash).

A text's rows are its words' own, if they are asked for, then for each n of its n-grams: words + hash mod buckets. The
hash of an n-gram goes on from that of its first n - 1 words, which begins with the hash of the first word.
*/
#ifndef UNROLLED_FNV1A_H
#define UNROLLED_FNV1A_H

#include "walk.h"

/* Go on with a hash for every byte. */
INLINE uint32_t fnv1a(uint32_t state, const uint8_t *text, int64_t size) {
    for (int64_t k = 0; k < size; k++) state = (state ^ text[k]) * 16777619u;
    return state;
}

/* content (bytes,): the vocabulary's words in UTF-8, word k in content[ends[k]:ends[k + 1]], beginning with a space;
   ids (all words,), starts (texts + 1,) of texts in ids; rows: as many as all n-grams, text after text. */
EXPORT int LEVEL(rows_of_ngrams)(const int32_t *ids, const int64_t *starts, int64_t texts, const uint8_t *content,
                                 const int64_t *ends, int64_t words, int64_t shortest, int64_t longest, int64_t buckets,
                                 int32_t *rows) {
    int64_t most = 1;
    for (int64_t text = 0; text < texts; text++) {
        int64_t size = starts[text + 1] - starts[text];
        most = size > most ? size : most;
    }
    uint32_t *hashes = malloc((size_t)words * 4), *states = malloc((size_t)most * 4);
    for (int64_t word = 0; hashes && word < words; word++)
        hashes[word] = fnv1a(2166136261u, content + ends[word] + 1, ends[word + 1] - ends[word] - 1);
    for (int64_t text = 0; hashes && states && text < texts; text++) {
        const int32_t *own = ids + starts[text];
        int64_t size = starts[text + 1] - starts[text];
        for (int64_t k = 0; k < size; k++) states[k] = hashes[own[k]];
        if (shortest == 1 && size) rows = (int32_t *)memcpy(rows, own, (size_t)size * 4) + size;
        for (int64_t n = 2; n <= smaller(longest, size); n++)
            for (int64_t k = 0; k + n <= size; k++) {
                int32_t next = own[k + n - 1];
                states[k] = fnv1a(states[k], content + ends[next], ends[next + 1] - ends[next]);
                if (n >= shortest) *rows++ = (int32_t)(words + states[k] % (uint64_t)buckets);
            }
    }
    int found = hashes && states ? 0 : OUT_OF_MEMORY;
    free(hashes);
    free(states);
    return found;
}

#endif
