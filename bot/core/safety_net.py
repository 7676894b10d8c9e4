"""The safety net as a model holds it: trained from examples, kept with the safeguard policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from bot.core import content_lines, nlu_examples, own_spellings
from bot.core.encoder import encode_all
from bot.core.example_model import ExampleModel, Kernel, WordGroups, fit
from bot.core.term_features import clean
from bot.dutch import spelling
from bot.safety import examples, words
from bot.safety.concepts import NAMES, groups_in, names_danger
from bot.safety.kinds import INNOCENT, KINDS, Kind

#: From this share on, of all that a message may be, danger is answered. Lower finds more, and warns
#: more people who only asked something.
DANGEROUS: Final = 0.5
#: The same for a message without a word that names danger: what stands around one proves less.
UNNAMED: Final = 0.65
#: What befalls a child, or is said to get at money, often has no word of its own.
SELDOM_NAMED: Final[Mapping[Kind, float]] = {"child": 0.55, "fraud": 0.55}
#: Everyday messages of the assistant that are learned as innocent: danger is rare, and a warning in
#: place of an answer is no kindness. Most are those that look most like danger.
_EVERYDAY: Final = 1800
_NEAR: Final = 1000
_KERNEL: Final = Kernel(
    written=2.0, meaning=8.0, both=4.0, groups=8.0, groups_both=8.0,
    width=2.0, smoothing=0.5, spread=3.0, expected=INNOCENT,
)  # fmt: skip
_GROUPS: Final = WordGroups(len(NAMES), groups_in)
_FOLDER: Final = "safety"


class SafetyNet:
    """Recognises danger in a message, whatever else the message may be about."""

    def __init__(self, model: ExampleModel, spellings: Mapping[str, str]) -> None:
        """Takes what was trained.

        Args:
            model: what the examples taught.
            spellings: how the organisation's own words are written too, as the classifier has them.
        """
        self._model = model
        self._spellings = dict(spellings)
        self.kind = lru_cache(256)(self._kind)

    def _kind(self, text: str, off: frozenset[Kind] = frozenset()) -> Kind | None:
        """The danger that a message speaks of, or None.

        Args:
            text: what the customer typed.
            off: kinds that the organisation switched off.
        """
        if text.lstrip().startswith("/"):
            return None
        sure = words.unmistakable(text, off)
        if sure is not None:
            return sure
        shares = self.shares(text, off)
        whole = sum(shares.values())
        if whole < DANGEROUS:
            return None
        kind = max(shares, key=lambda kind: shares[kind])
        if whole < SELDOM_NAMED.get(kind, UNNAMED) and not names_danger(text):
            return None
        return kind

    def shares(self, text: str, off: Collection[Kind] = ()) -> dict[Kind, float]:
        """How likely each kind is; the rest, to 1, is innocent. Empty without a word."""
        cleaned = clean(spelling.plain(text, self._spellings))
        if not cleaned:
            return {}
        found = dict(zip(self._model.labels, self._model.shares(cleaned, text), strict=True))
        return {kind: float(found[kind]) for kind in KINDS if kind in found and kind not in off}

    def keep(self, folder: Path) -> None:
        """Writes the net into a component's folder."""
        (folder / _FOLDER).mkdir()
        self._model.save(folder / _FOLDER, self._spellings)

    @classmethod
    def kept(cls, folder: Path) -> SafetyNet:
        """Reads what `keep` wrote."""
        return cls(*ExampleModel.load(folder / _FOLDER, _KERNEL, _GROUPS))


def train(root: Path, sensitive: Collection[str]) -> SafetyNet:
    """Trains the net from Loket's examples and an assistant's.

    Args:
        root: the assistant's folder.
        sensitive: its intents whose examples may speak of danger.

    Raises:
        ConfigurationError: the assistant's examples are wrong.
    """
    given = examples.load(root)
    spellings = own_spellings.load(root)
    danger = [each.text for each in given if each.label != INNOCENT]
    daily = _daily(root, {*sensitive}, {each.text for each in given})
    everyday = _hardest(daily, danger, spellings)
    texts = [*(each.text for each in given), *everyday]
    cleaned = [clean(spelling.plain(text, spellings)) for text in texts]
    labels = [*(each.label for each in given), *[INNOCENT] * len(everyday)]
    kept = [place for place, text in enumerate(cleaned) if text]
    cleaned, texts, labels = ([each[place] for place in kept] for each in (cleaned, texts, labels))
    return SafetyNet(fit(cleaned, texts, labels, _KERNEL, _GROUPS), spellings)


def _daily(root: Path, sensitive: Collection[str], known: Collection[str]) -> list[str]:
    """The assistant's own examples: what its customers write every day."""
    found: list[str] = []
    for text in content_lines.read(root).files.values():
        found += [
            nlu_examples.without_entities(example)
            for intent, example, _ in nlu_examples.in_file(text)
            if intent not in sensitive
        ]
    return [text for text in dict.fromkeys(found) if text not in known]


def _hardest(
    texts: Sequence[str], danger: Sequence[str], spellings: Mapping[str, str]
) -> list[str]:
    """Those that mean most nearly what danger does, and of the rest evenly chosen ones."""
    if not texts or not danger:
        return list(texts[:_EVERYDAY])
    plain = [[clean(spelling.plain(text, spellings)) for text in some] for some in (texts, danger)]
    mine, theirs = (encode_all(some) for some in plain)
    order = np.argsort(-(mine @ theirs.T).max(axis=1), kind="stable")
    near, rest = order[:_NEAR], np.sort(order[_NEAR:])
    step = max(1, -(-len(rest) // (_EVERYDAY - _NEAR)))
    return [texts[place] for place in (*near, *rest[::step])]
