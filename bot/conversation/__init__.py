"""The rules of a conversation as pure functions: no I/O, no clock, no framework."""
