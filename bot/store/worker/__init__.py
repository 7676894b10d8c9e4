"""What a worker reads and writes: the inbox, claims, timers, heartbeats."""
