"""Loket: an omnichannel messaging-bot framework on a Rasa core."""

__version__ = "0.1.0"
