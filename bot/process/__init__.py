"""Processes: starting them, keeping them alive, and telling others how they are."""
