/* Texts in UTF-8 → the ids of their words; what a chunk is read as is remembered, until there are too many.

A chunk that `words_of_chunk` can't split is handed out by its number, and Python says what its ids are. In between its
size is UNTOLD.
*/
#ifndef UNROLLED_WORD_READER_H
#define UNROLLED_WORD_READER_H

#include "words.h"

#define MOST_CHUNKS (1 << 19)
#define MOST_BYTES (1 << 24)
#define UNTOLD -1

typedef struct {
    int64_t first;
    int32_t size;
} id_span;

typedef struct {
    strings words, chunks;
    id_span *spans; /* (chunks,) where the ids of each stand in `ids` */
    int32_t *ids;
    int64_t span_room, id_count, id_room, splits, lowers;
} word_reader;

/* Take a seed, and the vocabulary: word k is content[ends[k]:ends[k + 1]] but for the space before it, SPARE bytes behind
   the last; whether a chunk is split, and its capitals lowered. */
EXPORT int LEVEL(word_reader_new)(int64_t seed, const uint8_t *content, const int64_t *ends, int64_t words,
                                  int64_t splits, int64_t lowers, word_reader **made) {
    word_reader *r = *made = calloc(1, sizeof *r);
    if (!r) return OUT_OF_MEMORY;
    r->words.seed = r->chunks.seed = (uint64_t)seed;
    r->splits = splits, r->lowers = lowers;
    for (int64_t word = 0; word < words; word++) {
        key own = key_of(&r->words, content + ends[word] + 1, ends[word + 1] - ends[word] - 1);
        if (strings_add(&r->words, &own) < 0) return OUT_OF_MEMORY;
    }
    return 0;
}

/* Forget the chunks. */
EXPORT int LEVEL(word_reader_clear)(word_reader *r) {
    strings_free(&r->chunks);
    free(r->spans);
    free(r->ids);
    r->spans = NULL, r->ids = NULL;
    r->span_room = r->id_count = r->id_room = 0;
    return 0;
}

EXPORT int LEVEL(word_reader_free)(word_reader *r) {
    if (r) LEVEL(word_reader_clear)(r), strings_free(&r->words);
    free(r);
    return 0;
}

/* Split a chunk if that is possible here, and look its words up; 0 where there is no memory. */
INLINE int learn(word_reader *r, const key *chunk, id_span *span) {
    int64_t size = chunk->size;
    uint8_t own[LONGEST_CHUNK + SPARE] = {0};
    word_span words[LONGEST_CHUNK] = {{0, (int8_t)size}};
    *span = (id_span){r->id_count, UNTOLD};
    if (size > LONGEST_CHUNK) return 1;
    for (int64_t k = 0; k < size; k++) {
        if (chunk->text[k] == 0 || chunk->text[k] > 127) return 1;
        own[k] = chunk->text[k];
    }
    int64_t count = r->splits ? words_of_chunk(own, words) : 1;
    if (!reserve(&r->ids, &r->id_room, r->id_count + count, sizeof *r->ids)) return 0;
    for (int64_t k = 0; r->lowers && k < size; k++) own[k] += is_capital(own[k]) ? 'a' - 'A' : 0;
    for (int64_t k = 0; k < count; k++) {
        key word = key_of(&r->words, own + words[k].start, words[k].end - words[k].start);
        int64_t known = strings_find(&r->words, &word);
        r->ids[r->id_count++] = known < 0 ? 0 : (int32_t)known;
    }
    span->size = count < 0 ? UNTOLD : (int32_t)count;
    return 1;
}

/* Put the ids of a chunk that Python has read behind the others; 0 where there is no memory. */
INLINE int remember_ids(word_reader *r, int32_t number, const int32_t *ids, int64_t size) {
    if (!reserve(&r->ids, &r->id_room, r->id_count + size, sizeof *r->ids)) return 0;
    memcpy(r->ids + r->id_count, ids, (size_t)size * sizeof *ids);
    r->spans[number] = (id_span){r->id_count, (int32_t)size};
    r->id_count += size;
    return 1;
}

/* content[starts[k]:starts[k + 1]] is text k, SPARE bytes behind the last → numbers of its chunks, text after text, and
   how many each text has. Of chunks whose ids are to be told, `strangers` (1,) many: their numbers, where they begin,
   and their bytes. */
EXPORT int LEVEL(word_reader_chunks)(word_reader *r, const uint8_t *content, const int64_t *starts, int64_t texts,
                                     int32_t *numbers, int64_t *counts, int32_t *strange, int64_t *first,
                                     int64_t *size, int64_t *strangers) {
    if (r->chunks.count > MOST_CHUNKS || r->id_count > MOST_BYTES || bytes_of(&r->chunks) > MOST_BYTES)
        LEVEL(word_reader_clear)(r);
    key chunks[EXPECTED];
    *strangers = 0;
    for (int64_t text = 0; text < texts; text++) {
        int32_t *before = numbers;
        for (int64_t at = starts[text], count = 1; count;) {
            count = next_chunks(&r->chunks, content, &at, starts[text + 1], chunks);
            for (int64_t k = 0; k < count; k++) {
                int64_t met = r->chunks.count, number = strings_add(&r->chunks, chunks + k);
                if (number < 0) return OUT_OF_MEMORY;
                *numbers++ = (int32_t)number;
                if (r->chunks.count == met) continue;
                if (!reserve(&r->spans, &r->span_room, number + 1, sizeof *r->spans)) return OUT_OF_MEMORY;
                if (!learn(r, chunks + k, r->spans + number)) return OUT_OF_MEMORY;
                if (r->spans[number].size != UNTOLD) continue;
                strange[*strangers] = (int32_t)number;
                first[*strangers] = chunks[k].text - content, size[(*strangers)++] = chunks[k].size;
            }
        }
        counts[text] = numbers - before;
    }
    return 0;
}

/* Tell the ids of strange chunks, one chunk after the other; lengths (texts,): the ids of each text of those chunks. */
EXPORT int LEVEL(word_reader_lengths)(word_reader *r, const int32_t *strange, const int32_t *ids, const int64_t *sizes,
                                      int64_t strangers, const int32_t *numbers, const int64_t *counts, int64_t texts,
                                      int64_t *lengths) {
    for (int64_t k = 0; k < strangers; ids += sizes[k++])
        if (!remember_ids(r, strange[k], ids, sizes[k])) return OUT_OF_MEMORY;
    for (int64_t text = 0; text < texts; numbers += counts[text++]) {
        lengths[text] = 0;
        for (int64_t k = 0; k < counts[text]; k++) lengths[text] += r->spans[numbers[k]].size;
    }
    return 0;
}

/* Look the ids of chunks up: as many as word_reader_lengths has counted. */
EXPORT int LEVEL(word_reader_ids)(const word_reader *r, const int32_t *numbers, int64_t chunks, int32_t *ids) {
    for (int64_t k = 0; k < chunks; k++) {
        id_span span = r->spans[numbers[k]];
        for (int32_t n = 0; n < span.size; n++) *ids++ = r->ids[span.first + n];
    }
    return 0;
}

#endif
