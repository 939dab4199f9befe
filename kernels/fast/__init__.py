"""Twins of the references for a GPU: PyTorch expressions and Triton kernels, one file each.

Nothing here is imported by the runtime, which has neither PyTorch nor Triton.
"""
