"""The kernels in C, called through ctypes on NumPy arrays."""
