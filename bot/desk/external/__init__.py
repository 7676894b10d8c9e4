"""Another desk than Loket's own, kept in step: Chatwoot."""
