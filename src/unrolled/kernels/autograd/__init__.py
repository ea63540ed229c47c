"""The kernels as torch functions, with gradients; only these import torch."""
