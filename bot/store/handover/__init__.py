"""Conversations that ask for a person, calls that were promised, and who did what with them."""
