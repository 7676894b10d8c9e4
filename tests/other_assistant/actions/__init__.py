"""What this assistant does, one file a topic; `backends` talks to its systems."""
