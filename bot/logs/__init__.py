"""Logging: one stream on stderr, with no personal data in it."""
