/* A register of floats, the names of this SIMD level, and the two functions that gates need. */
#ifndef UNROLLED_VECTOR_H
#define UNROLLED_VECTOR_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__AVX512F__)
#define LANES 16
#define MOST_ROWS 6
#define LEVEL(name) name##_avx512
#elif defined(__AVX2__)
#define LANES 8
#define MOST_ROWS 3
#define LEVEL(name) name##_avx2
#else
#define LANES 4
#define MOST_ROWS 3
#define LEVEL(name) name##_baseline
#endif

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

/* INDEPENDENT before a loop over units: what one writes, no other reads. UNROLLED before one of few, known turns. */
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#define UNROLLED _Pragma("GCC unroll 8")
#endif

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef float anywhere __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

INLINE vector load(const float *from) { return *(const anywhere *)from; }
INLINE void store(float *to, vector x) { *(anywhere *)to = x; }

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t round_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

/* tanh as Eigen's rational function of degrees 13 and 6: within a few units in the last place everywhere; NaN stays. */
INLINE float tanh_of(float x) {
    const float most = 7.90531110763549805f;
    float y = x < -most ? -most : x, z = y > most ? most : y, s = z * z;
    float p = -2.76076847742355e-16f * s + 2.00018790482477e-13f;
    p = p * s + -8.60467152213735e-11f;
    p = p * s + 5.12229709037114e-08f;
    p = p * s + 1.48572235717979e-05f;
    p = p * s + 6.37261928875436e-04f;
    p = p * s + 4.89352455891786e-03f;
    float q = 1.19825839466702e-06f * s + 1.18534705686654e-04f;
    q = q * s + 2.26843463243900e-03f;
    q = q * s + 4.89352518554385e-03f;
    return z * p / q;
}

INLINE float sigmoid_of(float x) { return 0.5f * tanh_of(0.5f * x) + 0.5f; }

#endif
