"""The tokenizer: splits a Dutch sentence into words by spaCy's rules for Dutch."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.core.dutch_tokens import lemma, words


class DutchToken(Token):
    """A token that looks its lemma up when it is first asked for.

    The table of lemmas takes most of a second to read and some memory; a pipeline whose components
    do not look at lemmas never reads it.
    """

    _lemma: str | None

    @property
    def lemma(self) -> str:
        """The form under which a dictionary has the word, in lower case."""
        if self._lemma is None:
            self._lemma = lemma(self.text)
        return self._lemma

    @lemma.setter
    def lemma(self, value: str) -> None:
        # Rasa's constructor gives the word itself when it is not told a lemma.
        self._lemma = None if value == self.text else value


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class DutchTokenizer(Tokenizer):
    """Splits a message into tokens by spaCy's Dutch rules, without a model and without memory.

    Any Rasa component that wants tokens can follow it. What is too long to be a word, or has more
    than a few signs in a row, is one token. Each token has its lemma, from the lookup table of
    spacy-lookups-data.

    spaCy's own tokenizer object is not used: it and its vocabulary keep every word they ever saw
    (see `bot.core.dutch_tokens.TokenRules`).
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """The languages it can split: only Dutch."""
        return ["nl"]

    @staticmethod
    def required_packages() -> list[str]:
        """Python packages that must be there."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults, as of every Rasa tokenizer."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message; white space is none."""
        text = message.get(attribute)
        # Rasa wants at least one token for a text that is not empty.
        tokens = [DutchToken(word, start) for word, start in words(text)] or [DutchToken(text, 0)]
        split: list[Token] = self._apply_token_pattern(tokens)
        return split
