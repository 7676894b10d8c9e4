"""Agents, their sessions and lists, and desks of others."""
