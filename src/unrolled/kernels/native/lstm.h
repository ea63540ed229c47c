/* LSTM: i, f, o = sigma(x + h W), C~ = tanh(x + h W), C = f C + i C~, h = o tanh C. Saved a word: i, f, o, C~, C. */
#ifndef UNROLLED_LSTM_H
#define UNROLLED_LSTM_H

#include "walk.h"

INLINE void lstm_word(int64_t H, const float *restrict x, const float *restrict a, float *restrict h,
                      float *restrict C, float *restrict to, float *restrict saved) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        float i = sigmoid_of(x[u] + a[u]), f = sigmoid_of(x[H + u] + a[H + u]);
        float o = sigmoid_of(x[2 * H + u] + a[2 * H + u]), candidate = tanh_of(x[3 * H + u] + a[3 * H + u]);
        float now = f * C[u] + i * candidate;
        C[u] = now;
        h[u] = to[u] = o * tanh_of(now);
        if (saved) {
            saved[u] = i, saved[H + u] = f, saved[2 * H + u] = o;
            saved[3 * H + u] = candidate, saved[4 * H + u] = now;
        }
    }
}

EXPORT int LEVEL(lstm_forward)(const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), columns = round_up(4 * H, LANES), texts = own(w, w->active[0]);
    float *h = scratch(texts, 2 * wide + columns);
    if (!h) return OUT_OF_MEMORY;
    float *C = h + texts * wide, *sums = C + texts * wide;
    for (int64_t step = 0, start = 0; step < w->steps; start += w->active[step++]) {
        int64_t rows = own(w, w->active[step]);
        if (step) product(h, wide, rows, H, w->packed, sums, columns);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row);
            lstm_word(H, input(w, at), sums + row * columns, h + row * wide, C + row * wide, w->h + at * w->h_stride,
                      w->saved ? w->saved + at * 5 * H : NULL);
        }
    }
    free(h);
    return 0;
}

INLINE void lstm_word_backward(int64_t H, const float *restrict saved, const float *restrict C_before,
                               const float *restrict above, const float *restrict later, float *restrict dC,
                               float *restrict own_da, float *restrict da) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        float i = saved[u], f = saved[H + u], o = saved[2 * H + u], candidate = saved[3 * H + u];
        float t = tanh_of(saved[4 * H + u]), dh = above[u] + later[u], d = dC[u] + dh * o * (1 - t * t);
        dC[u] = d * f;
        own_da[u] = da[u] = d * candidate * i * (1 - i);
        own_da[H + u] = da[H + u] = d * C_before[u] * f * (1 - f);
        own_da[2 * H + u] = da[2 * H + u] = dh * t * o * (1 - o);
        own_da[3 * H + u] = da[3 * H + u] = d * i * (1 - candidate * candidate);
    }
}

EXPORT int LEVEL(lstm_backward)(const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), texts = own(w, w->active[0]), start = w->words;
    float *later = scratch(texts, 2 * wide + 4 * H + wide);
    if (!later) return OUT_OF_MEMORY;
    float *dC = later + texts * wide, *da = dC + texts * wide, *zeros = da + texts * 4 * H;
    for (int64_t step = w->steps - 1; step >= 0; step--) {
        int64_t rows = own(w, w->active[step]), going = step + 1 < w->steps ? own(w, w->active[step + 1]) : 0;
        start -= w->active[step];
        product(da, 4 * H, going, 4 * H, w->packed, later, wide);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row), before = step ? place(w, start - w->active[step - 1], row) : -1;
            lstm_word_backward(H, w->saved + at * 5 * H, before < 0 ? zeros : w->saved + before * 5 * H + 4 * H,
                               w->dh + at * w->h_stride, later + row * wide, dC + row * wide, da + row * 4 * H,
                               w->da + at * w->da_stride);
            remember(w, at, before);
        }
    }
    free(later);
    return 0;
}

#endif
