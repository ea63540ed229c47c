"""The lecture's worked examples, part by part, every number computed by the package's own functions."""
