"""What customers are told, from the outbox to a delivery receipt or a dead letter."""
