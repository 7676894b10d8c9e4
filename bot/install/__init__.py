"""Installs Loket from its wheel, with the lock that travels in it."""
