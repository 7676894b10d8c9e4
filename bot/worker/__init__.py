"""The second of Loket's roles: it thinks. Messages in, replies out, and the timers."""
