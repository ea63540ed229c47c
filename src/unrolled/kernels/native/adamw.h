/* AdamW's step in place: m, v, then p (training/lazy_adamw.py has the formulas), for numbers, and for rows of a table. */
#ifndef UNROLLED_ADAMW_H
#define UNROLLED_ADAMW_H

#include <math.h>

#include "walk.h"

typedef struct {
    double beta1, beta2, epsilon, rate, decay; /* decay: what p keeps of itself, 1 - rate x weight decay */
} adamw;

INLINE void adamw_step(const adamw *a, double n, int64_t count, const float *restrict gradient, float *restrict p,
                       float *restrict m, float *restrict v) {
    float keep1 = (float)a->beta1, keep2 = (float)a->beta2, add1 = (float)(1 - a->beta1), add2 = (float)(1 - a->beta2);
    /* m / (1 - beta1^n) / sqrt(v / (1 - beta2^n)) with one division a number, which is what the loop waits for */
    float rate = (float)(a->rate / (1 - pow(a->beta1, n))), root = (float)(1 / sqrt(1 - pow(a->beta2, n)));
    float decay = (float)a->decay, epsilon = (float)a->epsilon;
    INDEPENDENT
    for (int64_t k = 0; k < count; k++) {
        float g = gradient[k];
        m[k] = keep1 * m[k] + add1 * g;
        v[k] = keep2 * v[k] + add2 * g * g;
        p[k] = p[k] * decay - rate * m[k] / (sqrtf(v[k]) * root + epsilon);
    }
}

/* Numbers that have all had n gradients, this one included. */
EXPORT int LEVEL(adamw_numbers)(const adamw *a, double n, int64_t count, const float *gradient, float *p, float *m,
                                float *v) {
    adamw_step(a, n, count, gradient, p, m, v);
    return 0;
}

/* Have a row fetched before its turn: in a large table the next one is nowhere near. */
INLINE void ask_for(const float *row, int64_t columns) {
    for (int64_t u = 0; u < columns; u += 16) __builtin_prefetch(row + u, 1);
}

/* Rows `first` to `last` of those that a batch has: n (rows of the table) counts each one's gradients. */
EXPORT int LEVEL(adamw_rows)(const adamw *a, const int64_t *rows, int64_t first, int64_t last, int64_t columns,
                             const float *gradient, float *p, float *m, float *v, double *n) {
    for (int64_t k = first; k < last; k++) {
        int64_t at = rows[k] * columns, next = rows[smaller(k + 1, last - 1)] * columns;
        ask_for(p + next, columns), ask_for(m + next, columns), ask_for(v + next, columns);
        adamw_step(a, ++n[rows[k]], columns, gradient + k * columns, p + at, m + at, v + at);
    }
    return 0;
}

/* Copy rows out, after the decay of the steps that they missed; settled (rows of the table) is the log of all so far. */
EXPORT int LEVEL(settled_rows)(const int64_t *rows, int64_t count, int64_t columns, double log_decay, float *p,
                               double *settled, float *to) {
    for (int64_t k = 0; k < count; k++, to += columns) {
        float *row = p + rows[k] * columns, missed = (float)exp(log_decay - settled[rows[k]]);
        settled[rows[k]] = log_decay;
        ask_for(p + rows[smaller(k + 1, count - 1)] * columns, columns);
        for (int64_t u = 0; u < columns; u++) to[u] = row[u] = row[u] * missed;
    }
    return 0;
}

#endif
