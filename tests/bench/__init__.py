"""The parts of ``python -m tests.bench_first_music``: what is measured, and how."""
