"""Who is spoken with, on which addresses, and what holds for the whole conversation."""
