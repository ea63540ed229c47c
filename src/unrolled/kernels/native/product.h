/* The small product of a step: states (rows, depth) and weights (depth, columns), packed once a batch → (rows, columns).

Packed, the weights stand in panels of up to four registers of columns, each panel row after row; what lacks in the last
register is zero. A block of rows times a panel stays in registers.
*/
#ifndef UNROLLED_PRODUCT_H
#define UNROLLED_PRODUCT_H

#include "vector.h"

#define PANEL 4

INLINE void block(const int rows, const int vectors, const float *A, int64_t stride, int64_t depth, const float *B,
                  float *C, int64_t columns) {
    vector sum[MOST_ROWS][PANEL];
    UNROLLED
    for (int r = 0; r < rows; r++)
        UNROLLED
        for (int v = 0; v < vectors; v++) sum[r][v] = (vector){0};
    for (int64_t k = 0; k < depth; k++, B += vectors * LANES) {
        vector b[PANEL];
        UNROLLED
        for (int v = 0; v < vectors; v++) b[v] = load(B + v * LANES);
        UNROLLED
        for (int r = 0; r < rows; r++)
            UNROLLED
            for (int v = 0; v < vectors; v++) sum[r][v] += A[r * stride + k] * b[v];
    }
    UNROLLED
    for (int r = 0; r < rows; r++)
        UNROLLED
        for (int v = 0; v < vectors; v++) store(C + r * columns + v * LANES, sum[r][v]);
}

#define BLOCK(n) \
    case n: block(n, vectors, A, stride, depth, B, C, columns); break;

INLINE void panel(const int vectors, const float *A, int64_t stride, int64_t rows, int64_t depth, const float *B,
                  float *C, int64_t columns) {
    for (; rows >= MOST_ROWS; rows -= MOST_ROWS, A += MOST_ROWS * stride, C += MOST_ROWS * columns)
        block(MOST_ROWS, vectors, A, stride, depth, B, C, columns);
    switch (rows) {
#if MOST_ROWS == 6
        BLOCK(5)
        BLOCK(4)
        BLOCK(3)
#endif
        BLOCK(2)
        BLOCK(1)
    }
}

#define PANEL_OF(n) \
    case n: panel(n, A, stride, rows, depth, from, to, columns); break;

/* C (rows, columns) = A (rows, depth) B; columns are a multiple of LANES, A's rows lie `stride` apart. */
static void product(const float *A, int64_t stride, int64_t rows, int64_t depth, const float *B, float *C,
                    int64_t columns) {
    for (int64_t column = 0; column < columns; column += PANEL * LANES) {
        const float *from = B + column * depth;
        float *to = C + column;
        switch (smaller(PANEL, (columns - column) / LANES)) {
            PANEL_OF(4)
            PANEL_OF(3)
            PANEL_OF(2)
            PANEL_OF(1)
        }
    }
}

/* Pack weights whose element (k, n) is W[k * down + n * right]. */
static void packed(const float *W, int64_t down, int64_t right, int64_t depth, int64_t columns, float *to) {
    for (int64_t column = 0; column < columns; column += PANEL * LANES) {
        int64_t left = columns - column, wide = smaller(PANEL * LANES, round_up(left, LANES)), true_ = smaller(wide, left);
        for (int64_t k = 0; k < depth; k++, to += wide) {
            const float *from = W + k * down + column * right;
            if (right == 1) memcpy(to, from, (size_t)true_ * 4);
            else
                for (int64_t n = 0; n < true_; n++) to[n] = from[n * right];
            for (int64_t n = true_; n < wide; n++) to[n] = 0;
        }
    }
}

#endif
