"""What holds for every test."""

from __future__ import annotations

from bot.log import quiet_libraries

# Before any test module imports Rasa, TensorFlow or SQLAlchemy: they read this when imported.
quiet_libraries()
