"""Models and labelled texts → every model trained on the same texts, judged on the same, and which one to take."""
