"""The assistant's own code: thin rasa-sdk actions, one file a topic, and their backends."""
