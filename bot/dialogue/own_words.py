"""Answers in a customer's own words, where nothing reads them: what is none, and what corrects one.

To a question with `any_words` and no `parse` nearly all words are the answer: a street, a name. Not
those that say that there is none, and not a question about the question. Pure.
"""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import TurnMessage
from bot.dutch.names import only_binds
from bot.dutch.question_grammar import is_elliptic

#: A correction is a few words: "nee, Molenstraat 5".
_MOST: Final = 6
#: From this share on words give data.
_DATA: Final = 0.4
#: Asks what was meant, and answers nothing.
_HUH: Final = re.compile(
    r"(?:wat|huh|he|hoezo|hoe bedoel (?:je|u)|wat bedoel (?:je|u)|sorry)(?: .{0,4})?"
)
_IS: Final = re.compile(r"^(?:is|was|zijn|heet|moet|wordt|worden|naar|in|:|=)\s+", re.IGNORECASE)
_BE: Final = re.compile(r"\s+(?:zijn|worden|heten|hoor|graag|aub|svp)\W*$", re.IGNORECASE)
#: Says that something is wrong, and not what is right.
_WRONG: Final = re.compile(
    r"\b(?:klopt?|klopte|niet|geen|fout\w*|verkeerd\w*|onjuist\w*|anders?|wijzig\w*|aanpassen)\b",
    re.IGNORECASE,
)


def takes(question: Question) -> bool:
    """Whether a question takes words as they are."""
    return question.any_words and question.parse is None


def is_no_answer(message: TurnMessage) -> bool:
    """Whether words say that there is no answer or say nothing, or ask about the question."""
    said = normalise(message.typed)
    asks = message.asks_why or is_elliptic(message.typed) or _HUH.fullmatch(said) is not None
    # "Nee" may be the answer, "hmm ja zal wel" cannot.
    talks = message.words > 1 and message.intent != "deny" and only_binds(message.typed)
    return asks or talks or (message.knows_not and message.words <= _MOST)


def corrected(message: TurnMessage, now: Situation) -> tuple[Question, str] | None:
    """The answer in own words that a message corrects, with the words; None: it corrects none.

    Only where one such answer stands, and to a question that is none itself. Behind a mere "nee"
    the words must look like data, as "nee, dat klopt niet" does not.
    """
    held = [each for each in now.questions if takes(each) and now.is_checked(each)]
    if len(held) != 1 or takes(now.asked) or now.asked.free:
        return None
    edits = now.editing and now.asked is CONFIRM
    words = (message.correction or (message.typed if edits else "")).strip(" ,.;:!")
    if not words or len(words.split()) > _MOST or not _is_value(words, message):
        return None
    called = edits or message.corrects
    looks = any(map(str.isdigit, words)) or message.acts.of("data") >= _DATA
    return (held[0], words) if called or looks else None


def named(words: str) -> str | None:
    """The answer that stands behind the name of what it is: "is Dorpsweg 7", "moet 5a zijn"."""
    value = _BE.sub("", _IS.sub("", words.strip(" \t,;.-"))).strip(" \t,;:.-")
    return None if not value or _WRONG.search(value) or len(value.split()) > _MOST else value


def _is_value(words: str, message: TurnMessage) -> bool:
    plain = message.says_yes_or_no is not None or message.is_question or message.knows_not
    said = normalise(words)
    drops = phrases.WITHDRAWS.search(said) or phrases.KEEPS.search(said) or _WRONG.search(said)
    return not (plain or drops)
