"""Agents' work with conversations: the acts, the lists, and the rules for both."""
