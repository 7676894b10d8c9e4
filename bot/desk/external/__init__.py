"""External desks, kept in step with Loket: the protocol, the task that does it, and Chatwoot."""
