"""Text → words → ids: tokens, vocabulary, n-grams, and a corpus in a memory map."""
