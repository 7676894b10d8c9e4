"""Words by spaCy's rules: the same words, whatever is typed, and nothing kept of it."""

from __future__ import annotations

import re
import string

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.core import dutch_tokens as module
from bot.core.components.tokenizer import DutchTokenizer
from bot.core.dutch_tokens import LONGEST_WORD, MOST_SIGNS

SENTENCES = [
    "'s avonds a.u.b. niet m'n pakket (nr. 12) bij d'r buren!",
    "waar is 'mijn' pakket??? graag o.a. op www.winkel.nl/hulp?x=1.",
    "€12,50 is te veel, 5km verderop: a-b, 12/11/2026 of 12-11",
    "1.234,56kWh...echt waar; zie https://x.nl/a_b :-) 👍👍 hé-hé",
]
RUNS = [*string.punctuation, "👍", "👨‍👩‍👧", "❤️", "e\u0301", "\u0301", "€", "¿", "a", "0"]


def words(text: str) -> list[str]:
    tokenizer = DutchTokenizer(DutchTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message.build(text), "text")
    assert all(text[token.start : token.end] == token.text for token in tokens)
    return [token.text for token in tokens]


@pytest.mark.parametrize("text", SENTENCES)
def test_words_are_spacys(text: str) -> None:
    """Abbreviations, clitics, addresses, amounts and signs come apart as spaCy has them."""
    theirs = [token.text for token in spacy.blank("nl")(text) if not token.is_space]
    assert words(text) == theirs


@pytest.mark.parametrize("run", RUNS)
def test_a_long_run_is_one_token(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules, whose work grows with the square of a chunk, do not see it."""

    def refuse(_: object, chunk: str) -> None:
        raise AssertionError(f"{len(chunk)} characters came to the rules")

    monkeypatch.setattr(module.TokenRules, "pieces", refuse)
    text = (run * 4096)[:4096]
    assert words(text) == [text]


@given(st.text(st.sampled_from("!?.'(-ab1€👍\u0301 _"), min_size=1, max_size=300))
def test_the_rules_see_short_chunks_only(text: str) -> None:
    """So their work is bounded by the length of a message, however it is made."""
    seen: list[str] = []
    real = module.TokenRules.pieces

    def watch(rules: module.TokenRules, chunk: str) -> list[str]:
        seen.append(chunk)
        return list(real(rules, chunk))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.TokenRules, "pieces", watch)
        found = words(text)
    assert all(len(chunk) <= LONGEST_WORD for chunk in seen)
    assert not any(re.search(rf"[^\w\s]{{{MOST_SIGNS + 1}}}", chunk) for chunk in seen)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_nothing_is_remembered() -> None:
    """What customers type does not stay in the process: there is one cache, with one entry."""
    words("hoi")
    before = len(module.rules().exceptions)
    for number in range(2000):
        words(f"woord{number} en-nog-{number}, o.a.{number}")
    assert len(module.rules().exceptions) == before
    assert module.rules.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("Pakketten", "pakket"),
        ("pakketje", "pakket"),
        ("facturen", "factuur"),
        ("ging", "gaan"),
        ("opgezegd", "opzeggen"),
        ("PP-100234", "pp-100234"),
        ("blurgh", "blurgh"),
    ],
)
def test_lemmas(word: str, lemma: str) -> None:
    """Each token has the form under which a dictionary has it, or itself in lower case."""
    tokenizer = DutchTokenizer(DutchTokenizer.get_default_config())
    (token,) = tokenizer.tokenize(Message.build(word), "text")
    assert token.lemma == lemma
