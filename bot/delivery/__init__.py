"""Delivery: hands messages to the providers in order, at their pace, once."""
