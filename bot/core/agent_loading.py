"""Loads Rasa's agent from a trained model, in the way that costs least."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from bot.core.rasa_patches import trust_own_domain
from bot.core.rasa_shortcuts import know_empty_domains
from bot.core.stand_ins import lean_spacy
from bot.errors import ModelMissing


def load_agent(model: Path, **parts: Any) -> Agent:
    """The agent of a model.

    Args:
        model: the model's archive.
        **parts: what `Agent.load` takes besides, such as the endpoint of actions.

    Raises:
        ModelMissing: the archive is missing, damaged or of another version.
    """
    trust_own_domain()
    know_empty_domains()
    try:
        with lean_spacy():
            return Agent.load(str(model), **parts)
    except Exception as error:
        raise ModelMissing(
            f"The model {model.name} cannot be loaded ({type(error).__name__}). "
            "Train a new one: loket train --force"
        ) from error
