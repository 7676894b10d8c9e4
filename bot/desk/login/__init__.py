"""Access to the desk: logging in, accounts, sessions, one-time links."""
