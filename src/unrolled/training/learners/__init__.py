"""Every file one way to train a classifier: a network by gradient steps, hogwild SGD, logistic regression."""
