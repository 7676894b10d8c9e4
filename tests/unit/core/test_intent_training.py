"""What the classifier learns from: the terms of the examples, and how many of them."""

from __future__ import annotations

import numpy as np
import pytest

from bot.core import term_features
from bot.core.intent_model import Weights
from bot.core.intent_training import train
from bot.core.term_features import Terms

TEXTS = ["waar is mijn pakket", "waar blijft mijn pakket", "ik wil iets ruilen", "hoi"]


def test_terms_are_read_as_they_were_kept() -> None:
    """An example reads as it was kept; what is unknown reads as nothing."""
    terms = Terms.of(TEXTS)
    for row, text in enumerate(TEXTS):
        read, kept = terms.read(text), terms.examples[row]
        assert dict(zip(read.rows, read.values, strict=True)) == pytest.approx(
            dict(zip(kept.indices, kept.data, strict=True))
        )
    assert len(terms.read("xyz").rows) == 0


def test_likeness_is_of_the_chosen_examples() -> None:
    """Of some examples only those are compared with, by the same terms."""
    terms, chosen = Terms.of(TEXTS), np.array([1, 3])
    read = terms.read("waar is het pakket")
    assert terms.among(chosen).likeness(read) == pytest.approx(terms.likeness(read)[chosen])
    assert terms.likeness(terms.read("hoi"))[3] == pytest.approx(1.0)


def test_terms_of_too_many_examples_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nearly all examples have tells none apart; what some have stays."""
    monkeypatch.setattr(term_features, "MOST_COMMON", 2)
    terms = Terms.of([*TEXTS, "waar ben jij"])
    assert "waar" not in terms.rows
    assert {"pakket", "ruilen"} <= terms.rows.keys()


def test_more_examples_than_are_compared() -> None:
    """The model learns from a part that has each intent; it still knows the others' words."""
    texts = [f"waar is pakket nummer {word}" for word in "een twee drie vier vijf zes".split()]
    texts += ["ik wil ruilen", "retour graag"]
    labels = ["track_order"] * 6 + ["return_item"] * 2
    model = train(texts, labels, Weights(compared=4))
    assert len(model.examples) == 4
    assert model.dual.shape == (2, 4)
    assert model.ranking("retour graag")[0][0] == "return_item"
    assert model.ranking("waar is pakket zes")[0][0] == "track_order"
