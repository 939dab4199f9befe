"""Tests that need nothing but pytest and the lean installation."""
