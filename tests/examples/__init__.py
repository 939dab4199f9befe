"""Tests of the examples, each run as a person runs it."""
