"""What agents do with conversations, and the rules for it."""
