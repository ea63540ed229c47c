/* Taps (rows, size x filters) and ids of texts → each filter's strongest window, v_i = sum_j T_j[w_(i+j-1)], and back.

A window that isn't a number stays the strongest, so that nobody takes the answer for one. Of equal windows the first
one wins. Every part of a row is read once, so that nothing is gained by tiles; but rows lie anywhere in a large table,
so that those of the next windows are fetched early.
*/
#ifndef UNROLLED_WINDOWS_H
#define UNROLLED_WINDOWS_H

#include "rows.h"

INLINE int is_stronger(float v, float than) { return (v > than) | (v != v); }

/* One window of few words: rows[j] is the row of its word j, already at this tap's columns. */
INLINE void window(const int size, const float *const *rows, int64_t filters, int32_t number, float *restrict best,
                   int32_t *restrict at) {
    INDEPENDENT
    for (int64_t u = 0; u < filters; u++) {
        float v = rows[0][u];
        UNROLLED
        for (int j = 1; j < size; j++) v += rows[j][u];
        int stronger = number == 0 || is_stronger(v, best[u]);
        best[u] = stronger ? v : best[u];
        if (at) at[u] = stronger ? number : at[u];
    }
}

INLINE void wide_window(int64_t size, const float *const *rows, int64_t filters, int32_t number, float *restrict best,
                        int32_t *restrict at, float *restrict v) {
    memcpy(v, rows[0], (size_t)filters * 4);
    for (int64_t j = 1; j < size; j++) {
        INDEPENDENT
        for (int64_t u = 0; u < filters; u++) v[u] += rows[j][u];
    }
    window(1, (const float *const[]){v}, filters, number, best, at);
}

#define TOGETHER 4 /* windows, of which only the strongest is compared with those before */
#define WORDS_AHEAD 3 /* words behind these, whose rows are fetched early */

/* The strongest of TOGETHER windows and `best`: rows[i + j] is the row of word j of window i. */
INLINE void windows_together(const int size, const float *const *rows, int64_t filters, float *restrict best) {
    INDEPENDENT
    for (int64_t u = 0; u < filters; u++) {
        float strongest = best[u];
#pragma GCC unroll 8
        for (int i = 0; i < TOGETHER; i++) {
            float v = rows[i][u];
#pragma GCC unroll 8
            for (int j = 1; j < size; j++) v += rows[i + j][j * filters + u];
            strongest = is_stronger(v, strongest) ? v : strongest;
        }
        best[u] = strongest;
    }
}

/* All windows of a text that has TOGETHER at least. The last ones overlap: a window that is met twice changes nothing. */
INLINE void strongest_windows(const int size, const float *taps, int64_t stride, const int64_t *ids, int64_t length,
                              int64_t filters, float *best) {
    const float *rows[TOGETHER + 4];
    int64_t last = length - size + 1 - TOGETHER;
    for (int64_t u = 0; u < filters; u++) best[u] = -__builtin_inff();
    for (int64_t i = 0;; i = smaller(i + TOGETHER, last)) {
        for (int64_t k = i + TOGETHER + size - 1 + WORDS_AHEAD; k < smaller(i + 2 * TOGETHER + size - 1 + WORDS_AHEAD, length); k++)
            fetch(taps + ids[k] * stride, size * filters);
        for (int64_t k = 0; k < TOGETHER + size - 1; k++) rows[k] = taps + ids[i + k] * stride;
        windows_together(size, rows, filters, best);
        if (i == last) return;
    }
}

#define STRONGEST(n) \
    case n: strongest_windows(n, taps, tap_stride, own, length, filters, best); continue;

#define WINDOW(n) \
    case n: at ? window(n, rows, filters, i, best, at) : window(n, rows, filters, i, best, NULL); break;

/* Texts `first` to `last`: ids (texts, width), lengths → highest and, unless NULL, windows, both `stride` apart. */
EXPORT int LEVEL(windows_forward)(const float *taps, int64_t tap_stride, const int64_t *ids, int64_t width,
                                  const int64_t *lengths, int64_t first, int64_t last, int64_t size, int64_t filters,
                                  float *highest, int32_t *windows, int64_t stride) {
    float *zeros = scratch(1, 2 * filters);
    const float **rows = malloc((size_t)size * sizeof *rows);
    if (!zeros || !rows) return free(zeros), free(rows), OUT_OF_MEMORY;
    float *sum = zeros + filters;
    for (int64_t text = first; text < last; text++) {
        int64_t length = lengths[text], count = length < size ? 1 : length - size + 1;
        const int64_t *own = ids + text * width;
        float *best = highest + text * stride;
        int32_t *at = windows ? windows + text * stride : NULL;
        if (!at && length >= size + TOGETHER - 1) {
            switch (size) {
                STRONGEST(1)
                STRONGEST(2)
                STRONGEST(3)
                STRONGEST(4)
                STRONGEST(5)
            }
        }
        for (int64_t i = 0; i < count; i++) {
            for (int64_t j = 0; j < size; j++)
                rows[j] = i + j < length ? taps + own[i + j] * tap_stride + j * filters : zeros;
            switch (size) {
                WINDOW(1)
                WINDOW(2)
                WINDOW(3)
                WINDOW(4)
                WINDOW(5)
            default: wide_window(size, rows, filters, i, best, at, sum);
            }
        }
    }
    free(zeros);
    free(rows);
    return 0;
}

/* The loss by the taps of filters `from` to `to`: only winning windows have any. */
EXPORT int LEVEL(windows_backward)(const float *highest, const int32_t *windows, int64_t stride, const int64_t *ids,
                                   int64_t width, const int64_t *lengths, int64_t texts, int64_t size,
                                   int64_t filters, int64_t from, int64_t to, float *taps, int64_t tap_stride) {
    for (int64_t text = 0; text < texts; text++) {
        const int64_t *own = ids + text * width, length = lengths[text];
        const float *loss = highest + text * stride;
        const int32_t *at = windows + text * stride;
        for (int64_t u = from; u < to; u++)
            for (int64_t j = 0; j < size && at[u] + j < length; j++)
                taps[own[at[u] + j] * tap_stride + j * filters + u] += loss[u];
    }
    return 0;
}

#endif
