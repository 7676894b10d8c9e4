"""Files that customers and agents send: what is let in, made harmless, stored and shown."""
