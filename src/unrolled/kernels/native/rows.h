/* Rows of a table by number: their sums, and the mean of each text's. */
#ifndef UNROLLED_ROWS_H
#define UNROLLED_ROWS_H

#include "walk.h"

#define FEW 32        /* rows that are added up by themselves, so that the sum of many keeps its digits */
#define ROWS_AHEAD 12 /* rows that are fetched before their turn: a table is larger than the caches */

/* Whether the lengths and true ids of texts stay inside: ids (texts, width) of a table of so many rows. */
EXPORT int LEVEL(texts_fit)(const int64_t *ids, int64_t texts, int64_t width, const int64_t *lengths, int64_t rows) {
    for (int64_t text = 0; text < texts; text++)
        if ((uint64_t)lengths[text] > (uint64_t)width || !are_rows(ids + text * width, lengths[text], rows)) return 0;
    return 1;
}

INLINE void add_row(int64_t columns, const float *restrict from, float *restrict to) {
    INDEPENDENT
    for (int64_t u = 0; u < columns; u++) to[u] += from[u];
}

/* table[ids[n]] += values[n] for n in order, in `columns` columns of both. */
EXPORT int LEVEL(add_rows)(const float *values, int64_t value_stride, const int64_t *ids, int64_t count, float *table,
                           int64_t table_stride, int64_t columns) {
    for (int64_t n = 0; n < count; n++) add_row(columns, values + n * value_stride, table + ids[n] * table_stride);
    return 0;
}

INLINE void fetch(const float *row, int64_t columns) {
    for (int64_t u = 0; u < columns; u += 16) __builtin_prefetch(row + u);
}

INLINE void scale(int64_t columns, float by, const float *restrict from, float *restrict to) {
    INDEPENDENT
    for (int64_t u = 0; u < columns; u++) to[u] = by * from[u];
}

/* Means of the texts `first` to `last`: table (rows, columns), ids (texts, width), lengths → (texts, columns). */
EXPORT int LEVEL(mean_forward)(const float *table, int64_t stride, int64_t columns, const int64_t *ids, int64_t width,
                               const int64_t *lengths, int64_t first, int64_t last, float *mean) {
    float *few = scratch(1, 2 * columns);
    if (!few) return OUT_OF_MEMORY;
    float *sum = few + columns;
    for (int64_t text = first; text < last; text++) {
        memset(sum, 0, (size_t)columns * 4);
        for (int64_t start = 0; start < lengths[text]; start += FEW) {
            memset(few, 0, (size_t)columns * 4);
            for (int64_t n = start; n < smaller(start + FEW, lengths[text]); n++) {
                if (n + ROWS_AHEAD < lengths[text]) fetch(table + ids[text * width + n + ROWS_AHEAD] * stride, columns);
                add_row(columns, table + ids[text * width + n] * stride, few);
            }
            add_row(columns, few, sum);
        }
        scale(columns, lengths[text] ? 1.0f / (float)lengths[text] : 0, sum, mean + text * columns);
    }
    free(few);
    return 0;
}

/* The loss by `columns` columns of the table, from those of the means, which lie `mean_stride` apart. */
EXPORT int LEVEL(mean_backward)(const float *mean, int64_t mean_stride, const int64_t *ids, int64_t width,
                                const int64_t *lengths, int64_t texts, float *table, int64_t stride,
                                int64_t columns) {
    float *share = scratch(1, columns);
    if (!share) return OUT_OF_MEMORY;
    for (int64_t text = 0; text < texts; text++) {
        scale(columns, lengths[text] ? 1.0f / (float)lengths[text] : 0, mean + text * mean_stride, share);
        for (int64_t n = 0; n < lengths[text]; n++) add_row(columns, share, table + ids[text * width + n] * stride);
    }
    free(share);
    return 0;
}

#endif
