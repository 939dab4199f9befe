"""From checkpoints to packs: ONNX graphs, stored precision, parity, the pack writer."""
