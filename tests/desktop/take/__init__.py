"""Tests of the page of a take."""
