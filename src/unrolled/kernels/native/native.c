/* Everything compiled: one translation unit, compiled once for each SIMD level. */
#include "adamw.h"
#include "chunks.h"
#include "fnv1a.h"
#include "gru_after.h"
#include "hogwild.h"
#include "lstm.h"
#include "rnn.h"
#include "rows.h"
#include "windows.h"
#include "word_reader.h"

/* Pack weights whose element (k, n) is W[k * down + n * right] for `product`. */
EXPORT int LEVEL(pack)(const float *W, int64_t down, int64_t right, int64_t depth, int64_t columns, float *to) {
    packed(W, down, right, depth, columns, to);
    return 0;
}
