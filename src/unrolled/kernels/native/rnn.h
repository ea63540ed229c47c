/* RNN: h = sigma(x + h W), sigma being tanh, the logistic function or relu by variant 0, 1, 2. Nothing is saved but h. */
#ifndef UNROLLED_RNN_H
#define UNROLLED_RNN_H

#include "walk.h"

INLINE float bend(const int64_t variant, float x) {
    return variant == 0 ? tanh_of(x) : variant == 1 ? sigmoid_of(x) : x > 0 ? x : x * 0;  /* NaN stays */
}

INLINE float slope(const int64_t variant, float h) {
    return variant == 0 ? 1 - h * h : variant == 1 ? h * (1 - h) : h > 0 ? 1.0f : 0.0f;
}

INLINE void rnn_word(const int64_t variant, int64_t H, const float *restrict x, const float *restrict a,
                     float *restrict h, float *restrict to) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) h[u] = to[u] = bend(variant, x[u] + a[u]);
}

INLINE int rnn(const int64_t variant, const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), texts = own(w, w->active[0]);
    float *h = scratch(texts, 2 * wide);
    if (!h) return OUT_OF_MEMORY;
    float *sums = h + texts * wide;
    for (int64_t step = 0, start = 0; step < w->steps; start += w->active[step++]) {
        int64_t rows = own(w, w->active[step]);
        if (step) product(h, wide, rows, H, w->packed, sums, wide);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row);
            rnn_word(variant, H, input(w, at), sums + row * wide, h + row * wide, w->h + at * w->h_stride);
        }
    }
    free(h);
    return 0;
}

EXPORT int LEVEL(rnn_forward)(const walk *w) {
    return w->variant == 0 ? rnn(0, w) : w->variant == 1 ? rnn(1, w) : rnn(2, w);
}

INLINE void rnn_word_backward(const int64_t variant, int64_t H, const float *restrict h, const float *restrict above,
                              const float *restrict later, float *restrict own_da, float *restrict da) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) own_da[u] = da[u] = (above[u] + later[u]) * slope(variant, h[u]);
}

INLINE int rnn_back(const int64_t variant, const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), texts = own(w, w->active[0]), start = w->words;
    float *later = scratch(texts, 2 * wide);
    if (!later) return OUT_OF_MEMORY;
    float *da = later + texts * wide;
    for (int64_t step = w->steps - 1; step >= 0; step--) {
        int64_t rows = own(w, w->active[step]), going = step + 1 < w->steps ? own(w, w->active[step + 1]) : 0;
        start -= w->active[step];
        product(da, wide, going, H, w->packed, later, wide);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row), before = step ? place(w, start - w->active[step - 1], row) : -1;
            rnn_word_backward(variant, H, w->h + at * w->h_stride, w->dh + at * w->h_stride, later + row * wide,
                              da + row * wide, w->da + at * w->da_stride);
            remember(w, at, before);
        }
    }
    free(later);
    return 0;
}

EXPORT int LEVEL(rnn_backward)(const walk *w) {
    return w->variant == 0 ? rnn_back(0, w) : w->variant == 1 ? rnn_back(1, w) : rnn_back(2, w);
}

#endif
