"""Rasa policies of Loket, named in `config.yml`."""
