/* GRU with reset after: h~ = tanh(x + r (h W + c)), else as in gru.h. Saved a word: r, z, h~, h W + c. */
#ifndef UNROLLED_GRU_AFTER_H
#define UNROLLED_GRU_AFTER_H

#include "gru.h"

INLINE void gru_after_past(int64_t H, const float *restrict r, const float *restrict a, const float *restrict c,
                           float *restrict past, float *restrict gated) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        past[u] = a[2 * H + u] + c[u];
        gated[u] = r[u] * past[u];
    }
}

INLINE int gru_after(const int64_t variant, const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), columns = round_up(3 * H, LANES), texts = own(w, w->active[0]);
    float *h = scratch(texts, wide + columns + 5 * H);
    if (!h) return OUT_OF_MEMORY;
    float *sums = h + texts * wide, *gated = sums + texts * columns, *gates = gated + H;
    for (int64_t step = 0, start = 0; step < w->steps; start += w->active[step++]) {
        int64_t rows = own(w, w->active[step]);
        if (step) product(h, wide, rows, H, w->packed, sums, columns);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row);
            float *r = w->saved ? w->saved + at * 4 * H : gates;
            gru_gates(variant, H, input(w, at), sums + row * columns, r, r + H);
            gru_after_past(H, r, sums + row * columns, w->c, r + 3 * H, gated);
            gru_state(H, input(w, at), gated, r + H, r + 2 * H, h + row * wide, w->h + at * w->h_stride);
        }
    }
    free(h);
    return 0;
}

EXPORT int LEVEL(gru_after_forward)(const walk *w) { return w->variant ? gru_after(1, w) : gru_after(0, w); }

INLINE void gru_after_word_backward(const int64_t variant, int64_t H, const float *restrict saved,
                                    const float *restrict h_before, const float *restrict above,
                                    float *restrict carried, float *restrict own_da, float *restrict da,
                                    float *restrict gated) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        float r = saved[u], z = saved[H + u], candidate = saved[2 * H + u], past = saved[3 * H + u];
        float dh = above[u] + carried[u], d = dh * z * (1 - candidate * candidate);
        carried[u] = dh * (1 - z);
        own_da[u] = da[u] = d * past * r * (1 - r);
        own_da[H + u] = da[H + u] = dh * (candidate - h_before[u]) * update_slope(variant, z);
        da[2 * H + u] = d;
        own_da[2 * H + u] = gated[u] = d * r;
    }
}

INLINE int gru_after_back(const int64_t variant, const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), texts = own(w, w->active[0]), start = w->words;
    float *carried = scratch(texts, 2 * wide + 3 * H + wide);
    if (!carried) return OUT_OF_MEMORY;
    float *product_ = carried + texts * wide, *da = product_ + texts * wide, *zeros = da + texts * 3 * H;
    for (int64_t step = w->steps - 1; step >= 0; step--) {
        int64_t rows = own(w, w->active[step]);
        start -= w->active[step];
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row), before = step ? place(w, start - w->active[step - 1], row) : -1;
            gru_after_word_backward(variant, H, w->saved + at * 4 * H, before < 0 ? zeros : w->h + before * w->h_stride,
                                    w->dh + at * w->h_stride, carried + row * wide, da + row * 3 * H,
                                    w->da + at * w->da_stride, w->gated + at * H);
            remember(w, at, before);
        }
        if (step) product(da, 3 * H, rows, 3 * H, w->packed, product_, wide);
        for (int64_t row = 0; step && row < rows; row++) add(H, product_ + row * wide, carried + row * wide);
    }
    free(carried);
    return 0;
}

EXPORT int LEVEL(gru_after_backward)(const walk *w) {
    return w->variant ? gru_after_back(1, w) : gru_after_back(0, w);
}

#endif
