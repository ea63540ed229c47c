/* GRU: r, z = sigma(x + h W), h = (1 - z) h + z h~; h~ = tanh(x + (r h) W), or tanh(x + r (h W + c)) with reset after.

Saved a word: r, z, h~, and with reset after also h W + c. Variant 1 has z = tanh, the slide's misprint.
*/
#ifndef UNROLLED_GRU_H
#define UNROLLED_GRU_H

#include "walk.h"

INLINE float update_of(int64_t variant, float x) { return variant ? tanh_of(x) : sigmoid_of(x); }
INLINE float update_slope(int64_t variant, float z) { return variant ? 1 - z * z : z * (1 - z); }

INLINE void gru_gates(const int64_t variant, int64_t H, const float *restrict x, const float *restrict a,
                      float *restrict r, float *restrict z) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        r[u] = sigmoid_of(x[u] + a[u]);
        z[u] = update_of(variant, x[H + u] + a[H + u]);
    }
}

INLINE void gru_state(int64_t H, const float *restrict x, const float *restrict past, const float *restrict z,
                      float *restrict candidate, float *restrict h, float *restrict to) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        candidate[u] = tanh_of(x[2 * H + u] + past[u]);
        h[u] = to[u] = (1 - z[u]) * h[u] + z[u] * candidate[u];
    }
}

INLINE void times(int64_t H, const float *restrict a, const float *restrict b, float *restrict to) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) to[u] = a[u] * b[u];
}

INLINE int gru_before(const int64_t variant, const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), columns = round_up(2 * H, LANES), texts = own(w, w->active[0]);
    float *h = scratch(texts, 3 * wide + columns + 3 * H);
    if (!h) return OUT_OF_MEMORY;
    float *gated = h + texts * wide, *past = gated + texts * wide, *sums = past + texts * wide,
          *gates = sums + texts * columns;
    for (int64_t step = 0, start = 0; step < w->steps; start += w->active[step++]) {
        int64_t rows = own(w, w->active[step]);
        if (step) product(h, wide, rows, H, w->packed, sums, columns);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row);
            float *r = w->saved ? w->saved + at * 3 * H : gates + row * 3 * H;
            gru_gates(variant, H, input(w, at), sums + row * columns, r, r + H);
            times(H, r, h + row * wide, gated + row * wide);
        }
        if (step) product(gated, wide, rows, H, w->packed_, past, wide);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row);
            float *r = w->saved ? w->saved + at * 3 * H : gates + row * 3 * H;
            gru_state(H, input(w, at), past + row * wide, r + H, r + 2 * H, h + row * wide, w->h + at * w->h_stride);
        }
    }
    free(h);
    return 0;
}

EXPORT int LEVEL(gru_before_forward)(const walk *w) { return w->variant ? gru_before(1, w) : gru_before(0, w); }

INLINE void gru_candidate_backward(int64_t H, const float *restrict saved, const float *restrict above,
                                   float *restrict carried, float *restrict dh, float *restrict own_da) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        float z = saved[H + u], candidate = saved[2 * H + u];
        dh[u] = above[u] + carried[u];
        carried[u] = dh[u] * (1 - z);
        own_da[2 * H + u] = dh[u] * z * (1 - candidate * candidate);
    }
}

INLINE void gru_gates_backward(const int64_t variant, int64_t H, const float *restrict saved,
                               const float *restrict h_before, const float *restrict dh, const float *restrict dgated,
                               float *restrict carried, float *restrict own_da, float *restrict da,
                               float *restrict gated) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) {
        float r = saved[u], z = saved[H + u], candidate = saved[2 * H + u], h = h_before[u];
        carried[u] += dgated[u] * r;
        own_da[u] = da[u] = dgated[u] * h * r * (1 - r);
        own_da[H + u] = da[H + u] = dh[u] * (candidate - h) * update_slope(variant, z);
        da[2 * H + u] = own_da[2 * H + u];
        gated[u] = r * h;
    }
}

INLINE void add(int64_t H, const float *restrict from, float *restrict to) {
    INDEPENDENT
    for (int64_t u = 0; u < H; u++) to[u] += from[u];
}

INLINE int gru_before_back(const int64_t variant, const walk *w) {
    int64_t H = w->hidden, wide = round_up(H, LANES), texts = own(w, w->active[0]), start = w->words;
    float *carried = scratch(texts, 3 * wide + 3 * H + wide);
    if (!carried) return OUT_OF_MEMORY;
    float *dh = carried + texts * wide, *product_ = dh + texts * wide, *da = product_ + texts * wide,
          *zeros = da + texts * 3 * H;
    for (int64_t step = w->steps - 1; step >= 0; step--) {
        int64_t rows = own(w, w->active[step]);
        start -= w->active[step];
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row);
            gru_candidate_backward(H, w->saved + at * 3 * H, w->dh + at * w->h_stride, carried + row * wide,
                                   dh + row * wide, da + row * 3 * H);
        }
        product(da + 2 * H, 3 * H, rows, H, w->packed_, product_, wide);
        for (int64_t row = 0; row < rows; row++) {
            int64_t at = place(w, start, row), before = step ? place(w, start - w->active[step - 1], row) : -1;
            gru_gates_backward(variant, H, w->saved + at * 3 * H, before < 0 ? zeros : w->h + before * w->h_stride,
                               dh + row * wide, product_ + row * wide, carried + row * wide, da + row * 3 * H,
                               w->da + at * w->da_stride, w->gated + at * H);
            remember(w, at, before);
        }
        if (step) product(da, 3 * H, rows, 2 * H, w->packed, product_, wide);
        for (int64_t row = 0; step && row < rows; row++) add(H, product_ + row * wide, carried + row * wide);
    }
    free(carried);
    return 0;
}

EXPORT int LEVEL(gru_before_backward)(const walk *w) {
    return w->variant ? gru_before_back(1, w) : gru_before_back(0, w);
}

#endif
