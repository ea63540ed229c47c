"""Language models: predict each word from those before it, by a neural window model or by counted n-grams."""
