"""Delivery: what Loket says, handed to the providers in order, at their pace, once."""
