"""The safety net: which words speak of danger, before anything else is understood of them."""
