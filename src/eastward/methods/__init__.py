"""Indicators: pure functions, frame in, frame out, with the source of each method."""
