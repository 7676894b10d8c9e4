"""Rasa graph components named in config.yml. Each can be used in any Rasa 3.6 project."""
