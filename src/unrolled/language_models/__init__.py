"""Words → P(the next word): the lecture's recap, a neural window model beside models that count n-grams."""
