"""Who works at the desk: logging in, accounts, sessions, one-time links."""
