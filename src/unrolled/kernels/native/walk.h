/* A walk over packed words, as Python hands it over (kernels/recurrent.py has the same fields in the same order).

Words stand step by step, the longest text first, so that at step t the first active[t] texts go on. A group takes every
groups-th text. `order` tells where the word of each step and text stands: as packed, or mirrored.
*/
#ifndef UNROLLED_WALK_H
#define UNROLLED_WALK_H

#include "product.h"

typedef struct {
    const float *inputs;    /* (rows, blocks x hidden), rows input_stride apart: U x + b */
    const int64_t *ids;     /* (words,) row of `inputs` of each word */
    const int64_t *order;   /* (words,) place of the word, by step and text */
    const int64_t *active;  /* (steps,) */
    const float *packed;    /* W, packed; in a backward walk its transpose */
    const float *packed_;   /* a second such product, where the network has one */
    const float *c;         /* (hidden,) bias inside the reset, where that comes after the product */
    float *h;               /* (words, hidden), rows h_stride apart */
    float *saved;           /* (words, saved columns) what the backward walk needs; NULL in prediction */
    const float *dh;        /* as h: the loss by every h, as seen from above */
    float *da;              /* (words, blocks x hidden), rows da_stride apart: the loss by every input */
    float *past;            /* (words, hidden) h of the step before */
    float *gated;           /* (words, hidden) what else the gradient of W needs */
    int64_t rows, words, steps, hidden, input_stride, h_stride, da_stride, group, groups, variant;
} walk;

#define OUT_OF_MEMORY 1

/* Whether every id is a row. */
INLINE int are_rows(const int64_t *ids, int64_t count, int64_t rows) {
    int outside = 0;
    for (int64_t n = 0; n < count; n++) outside |= (uint64_t)ids[n] >= (uint64_t)rows;
    return !outside;
}

/* Whether a walk stays inside: the texts of its steps become fewer, and have all words between them. */
EXPORT int LEVEL(walk_fits)(const walk *w) {
    int64_t left = w->words, before = w->words;
    for (int64_t step = 0; step < w->steps; left -= before, step++) {
        if (w->active[step] < 0 || w->active[step] > before || w->active[step] > left) return 0;
        before = w->active[step];
    }
    return !left && are_rows(w->ids, w->words, w->rows) && are_rows(w->order, w->words, w->words);
}

/* The texts of this group among the first `active`. */
INLINE int64_t own(const walk *w, int64_t active) {
    return active > w->group ? (active - w->group + w->groups - 1) / w->groups : 0;
}

/* Where the word of this group's text `row` stands at the step that begins at `start`. */
INLINE int64_t place(const walk *w, int64_t start, int64_t row) { return w->order[start + w->group + row * w->groups]; }

INLINE const float *input(const walk *w, int64_t at) { return w->inputs + w->ids[at] * w->input_stride; }

/* Note the state before a word, for the gradient of W; before the first there is none. */
INLINE void remember(const walk *w, int64_t at, int64_t before) {
    if (before < 0) memset(w->past + at * w->hidden, 0, (size_t)w->hidden * 4);
    else memcpy(w->past + at * w->hidden, w->h + before * w->h_stride, (size_t)w->hidden * 4);
}

/* Zeroed floats for rows of so many columns; NULL where there is no memory. */
INLINE float *scratch(int64_t rows, int64_t columns) {
    size_t size = (size_t)round_up(rows * columns * 4 + 64, 64);
    float *found = aligned_alloc(64, size);
    if (found) memset(found, 0, size);
    return found;
}

#endif
