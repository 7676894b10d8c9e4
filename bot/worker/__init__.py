"""The worker: turns messages of the inbox into replies in the outbox, and fires the timers."""
