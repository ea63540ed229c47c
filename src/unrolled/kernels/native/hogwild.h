/* Texts as rows of a table → logits of the rows' mean; and stochastic gradient descent over texts, one at a time:

    h = mean of the rows,  z = W h + b,  p = softmax(z),  d = p - y
    every row <- row - rate / rows W^T d,   W <- W - rate d h^T,   b <- b - rate d        (all from W before the step)

as fastText (Joulin et al. 2017). Of a text that is learnt from each row may be left out by chance, anew at every step,
the less likely the shorter the text. Several threads take texts in turn and write to the same weights without locks
(Niu et al. 2011): where two meet, one's change may be lost, so only one thread gives the same bits twice.
Every row of the table and of W has `size` columns, a multiple of 16; what a vector lacks to that is 0 and stays 0.
*/
#ifndef UNROLLED_HOGWILD_H
#define UNROLLED_HOGWILD_H

#include <math.h>

#include "walk.h"

#define TAKEN 16 /* texts that a thread takes at once */
#define AHEAD 24 /* rows that are asked for before their turn */
#define SPARED 20 /* rows of which none is left out: a short text has none to spare */

typedef struct {
    const int32_t *ids;     /* rows of the table, text after text */
    const int64_t *starts;  /* (texts + 1,) where each text's ids begin */
    const int64_t *order;   /* (count,) the texts to read */
    const int64_t *labels;  /* (texts,) */
    const float *rates;     /* (count,) learning rate of each */
    float *table;           /* (rows, size) */
    float *W;               /* (classes, size) */
    float *b;               /* (classes,) */
    float *logits;          /* (count, classes) where they are asked for, else NULL */
    double *loss;           /* of this thread's texts together */
    int64_t *next;          /* the first place in `order` that no thread has taken */
    int64_t count, size, classes;
    int64_t longest;        /* the most rows of a text */
    int64_t seed, dropped;  /* below 2^32: what is drawn; how many of 2^32 draws leave out a row of a long text */
} hogwild;

/* A number to which every bit of x has contributed: the last step of MurmurHash3 (Appleby 2011). */
INLINE uint32_t mixed(uint32_t x) {
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16;
}

/* Draw which rows of a text are read, from the seed, the text's number and each row's place → how many, in `kept`. */
INLINE int64_t keep(const hogwild *w, int64_t text, const int32_t *ids, int64_t rows, int32_t *kept) {
    int64_t dropped = w->dropped * (rows - SPARED) / rows;
    uint32_t step = 0x9e3779b9u, own = mixed((uint32_t)w->seed + (uint32_t)text * step);
    for (int64_t k = 0; k < rows; k++) kept[k] = (int32_t)mixed(own + (uint32_t)k * step);
    int64_t n = 0;
    for (int64_t k = 0; k < rows; k++) { /* n <= k: a draw is read before a row takes its place */
        int stays = (uint32_t)kept[k] >= dropped;
        kept[n] = ids[k];
        n += stays;
    }
    return n;
}

INLINE void touch(const hogwild *w, int32_t row) {
    const char *at = (const char *)(w->table + (int64_t)row * w->size);
    for (int64_t line = 0; line < w->size * 4; line += 64) __builtin_prefetch(at + line, 1, 2);
}

/* The mean of a text's rows; 0 without any. */
INLINE void mean_of_rows(const hogwild *w, const int32_t *ids, int64_t rows, float *h) {
    memset(h, 0, (size_t)w->size * 4);
    for (int64_t k = 0; k < smaller(rows, AHEAD); k++) touch(w, ids[k]);
    for (int64_t k = 0; k < rows; k++) {
        if (k + AHEAD < rows) touch(w, ids[k + AHEAD]);
        const float *row = w->table + (int64_t)ids[k] * w->size;
        for (int64_t j = 0; j < w->size; j += LANES) store(h + j, load(h + j) + load(row + j));
    }
    float share = rows ? 1.0f / (float)rows : 0.0f;
    for (int64_t j = 0; j < w->size; j += LANES) store(h + j, load(h + j) * share);
}

INLINE void logits_of(const hogwild *w, const float *h, float *z) {
    for (int64_t c = 0; c < w->classes; c++) {
        const float *own = w->W + c * w->size;
        vector sum = {0};
        for (int64_t j = 0; j < w->size; j += LANES) sum += load(own + j) * load(h + j);
        z[c] = w->b[c];
        for (int lane = 0; lane < LANES; lane++) z[c] += sum[lane];
    }
}

/* Turn logits to p - y in place → the loss -log p of the label. */
INLINE double loss_of(float *z, int64_t classes, int64_t label) {
    float most = z[0], sum = 0.0f, own = z[label];
    for (int64_t c = 1; c < classes; c++) most = z[c] > most ? z[c] : most;
    for (int64_t c = 0; c < classes; c++) sum += z[c] = expf(z[c] - most);
    for (int64_t c = 0; c < classes; c++) z[c] /= sum;
    z[label] -= 1.0f;
    return log((double)sum) - ((double)own - (double)most);
}

/* Move W, b and every row of the text against the gradient d of the logits; g (size,): what every row loses. */
INLINE void descend(const hogwild *w, const int32_t *ids, int64_t rows, float rate, float *h, float *d, float *g) {
    memset(g, 0, (size_t)w->size * 4);
    for (int64_t c = 0; c < w->classes; c++) {
        float *own = w->W + c * w->size, step = rate * d[c], back = rows ? step / (float)rows : 0.0f;
        w->b[c] -= step;
        for (int64_t j = 0; j < w->size; j += LANES) {
            vector before = load(own + j);
            store(g + j, load(g + j) + back * before);
            store(own + j, before - step * load(h + j));
        }
    }
    for (int64_t k = 0; k < rows; k++) {
        float *row = w->table + (int64_t)ids[k] * w->size;
        for (int64_t j = 0; j < w->size; j += LANES) store(row + j, load(row + j) - load(g + j));
    }
}

/* Learn from texts until none is left, or only read them, if `logits` says where to. */
EXPORT int LEVEL(hogwild)(const hogwild *w) {
    float *h = scratch(1, 2 * w->size + w->classes + w->longest);
    if (!h) return OUT_OF_MEMORY;
    float *g = h + w->size, *z = g + w->size;
    int32_t *kept = (int32_t *)(z + w->classes);
    double loss = 0.0;
    for (;;) {
        int64_t first = __atomic_fetch_add(w->next, TAKEN, __ATOMIC_RELAXED), last = smaller(first + TAKEN, w->count);
        for (int64_t at = first; at < last; at++) {
            int64_t text = w->order[at], start = w->starts[text], rows = w->starts[text + 1] - start;
            const int32_t *ids = w->ids + start;
            if (w->dropped && rows > SPARED) {
                rows = keep(w, text, ids, rows, kept);
                ids = kept;
            }
            mean_of_rows(w, ids, rows, h);
            logits_of(w, h, z);
            if (w->logits) memcpy(w->logits + at * w->classes, z, (size_t)w->classes * 4);
            loss += loss_of(z, w->classes, w->labels[text]);
            if (!w->logits) descend(w, ids, rows, w->rates[at], h, z, g);
        }
        if (last < first + TAKEN) break;
    }
    free(h);
    *w->loss = loss;
    return 0;
}

#endif
