"""Proving who a customer is: attempts and their limits, and private numbers that are taken out."""
