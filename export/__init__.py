"""Checkpoint to pack: networks to ONNX, parity with them, the pack's files."""
