/* Which SIMD level this processor has, and which source the library was made of. */
#define EXPORT __attribute__((visibility("default")))

EXPORT const char *unrolled_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
        return "avx512";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "avx2";
#endif
    return "baseline";
}

EXPORT const char *unrolled_digest(void) { return DIGEST; }
