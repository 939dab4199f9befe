"""Tests of the app, without a screen."""
