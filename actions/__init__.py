"""What the assistant does: thin rasa-sdk actions, one file a topic, and their backends."""
