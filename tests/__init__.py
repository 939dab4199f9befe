"""The suite mirrors the rooms; ``tests/lean`` also runs where torch is not installed."""
