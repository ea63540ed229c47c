"""Words → P(the next word): the lecture's recap, a neural window model next to models that count n-grams."""
