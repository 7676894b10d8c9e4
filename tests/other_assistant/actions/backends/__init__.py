"""The organisation's own data. A function takes a connection first and returns frozen values."""
