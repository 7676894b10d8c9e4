"""Conversations, also linked ones, as a person reads them."""
