/* A chunk in ASCII → its words, where a few of the rules of model/tokens.py decide; the others are left to Python.

Known here are words with hyphens, numbers with commas and points, punctuation of one character and runs of it, and HTML
tags, which are most of what English texts have. Apostrophes, abbreviations, entities, paths and addresses are not.
*/
#ifndef UNROLLED_WORDS_H
#define UNROLLED_WORDS_H

#include "chunks.h"

#define LONGEST_CHUNK 64 /* bytes of one that is split here */
#define LONGEST_ABBREVIATION 4

typedef struct {
    int8_t start, end;
} word_span;

INLINE int is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
INLINE int is_capital(uint8_t c) { return c >= 'A' && c <= 'Z'; }
INLINE int is_letter(uint8_t c) { return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z'); }
INLINE int is_one_of(uint8_t c, const char *some) { return c && strchr(some, c) != NULL; }

/* Where the run of one character ends that begins here. */
INLINE int64_t run_of(const uint8_t *s, int64_t at) {
    uint8_t first = s[at];
    while (s[at] == first) at++;
    return at;
}

/* Where the word ends that begins here with a letter; 0 if more rules than these decide. `s` ends by a zero. */
INLINE int64_t end_of_word(const uint8_t *s, int64_t at) {
    for (int64_t start = at;; start = ++at) { /* of the letters since the last joiner */
        while (is_letter(s[at])) at++;
        uint8_t next = s[at] ? s[at + 1] : 0;
        if (is_one_of(s[at], "'&\\_`#@") || (s[at] == '/' && next != '>')) return 0;
        if (s[at] == '.' && next != '.') {
            if (at - start <= LONGEST_ABBREVIATION && !is_digit(s[start])) return 0; /* U.S. or Mr. */
            if (is_letter(next) && !is_capital(next)) continue;
        }
        int joins = s[at] == '-' ? is_letter(next) : is_one_of(s[at], ",:") && is_digit(s[at - 1]) && is_digit(next);
        if (!joins) return at;
    }
}

/* Where what begins here without a letter ends; 0 if more rules than these decide. */
INLINE int64_t end_of_punctuation(const uint8_t *s, int64_t at) {
    if (is_one_of(s[at], "!\"$%()+,:;?[]^{|}~>")) return at + 1;
    int64_t end = run_of(s, at);
    if (is_one_of(s[at], "*=") || (s[at] == '.' && !is_digit(s[end]))) return end;
    if (s[at] == '-') return end == at + 1 && is_letter(s[end]) ? 0 : end; /* -lrb- */
    if (s[at] == '/' && s[at + 1] == '>') return at + 2;
    if (s[at] != '<') return 0;
    int64_t name = at + 1 + (s[at + 1] == '/');
    for (end = name; is_letter(s[end]);) end++;
    return end == name || s[end] == '_' ? 0 : end + (s[end] == '>');
}

/* Split a chunk that ends by a zero → how many words; -1 if more rules than these decide. */
INLINE int64_t words_of_chunk(const uint8_t *s, word_span *words) {
    int64_t count = 0;
    for (int64_t at = 0, end; s[at]; at = end) {
        end = is_letter(s[at]) ? end_of_word(s, at) : end_of_punctuation(s, at);
        if (!end) return -1;
        words[count++] = (word_span){(int8_t)at, (int8_t)end};
    }
    return count;
}

#endif
