"""The sentence featurizer gives any Rasa component the embedding of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message

from bot.core.components.featurizer import SentenceFeaturizer
from bot.core.encoder import DIMENSIONS, encode


def featurizer(folder: Path, **options: Any) -> SentenceFeaturizer:
    """A component with these options."""
    return SentenceFeaturizer.create(
        {**SentenceFeaturizer.get_default_config(), **options},
        LocalModelStorage.create(folder),
        Resource("featurizer"),
        ExecutionContext(GraphSchema({}), model_id="test", node_name="featurizer"),
    )


def message() -> Message:
    """A message with its tokens."""
    tokens = [Token("waar", 0), Token("dan", 5)]
    return Message({"text": "waar dan", TOKENS_NAMES["text"]: tokens})


def test_a_sentence(tmp_path: Path) -> None:
    """The embedding is a feature of the whole message; tokens get none unless asked for."""
    (read,) = featurizer(tmp_path).process([message()])
    words, sentence = read.get_dense_features("text")
    assert words is None
    assert sentence.features.shape == (1, DIMENSIONS)
    assert np.allclose(sentence.features[0], encode("waar dan"))


def test_words(tmp_path: Path) -> None:
    """With `words`, as DIET wants for entities, each token has one as well."""
    (read,) = featurizer(tmp_path, words=True).process([message()])
    words, _ = read.get_dense_features("text")
    assert words.features.shape == (2, DIMENSIONS)


def test_nothing_said(tmp_path: Path) -> None:
    """A message without tokens gets no features."""
    (read,) = featurizer(tmp_path).process([Message({"text": ""})])
    assert read.get_dense_features("text") == (None, None)


def test_options_are_checked(tmp_path: Path) -> None:
    """A misspelt option is refused by name."""
    with pytest.raises(InvalidConfigException, match="wordz"):
        featurizer(tmp_path, wordz=True)
