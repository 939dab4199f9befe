"""Tests of ``descant.runtime`` on the tiny pack."""
