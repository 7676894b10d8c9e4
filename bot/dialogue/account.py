"""Answers a question about a task from what the task itself said: a summary, or its outcome. Pure.

"Vanaf wanneer krijg ik hem weer?" behind "Ik zet uw lessen 4 weken stil. Zij beginnen weer
maandag" has its answer there, and so has "is het nu geregeld?" behind an outcome. No page knows of
either. A question counts when its words are the task's own, or name nothing at all; one that names
something else is left to those who know of that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.dialogue.asking import SHOWN
from bot.dialogue.carried_out import outcome_place
from bot.dialogue.facts_told import asks_fact, sentences, told_again
from bot.dialogue.questions import CONFIRM
from bot.dutch.question_grammar import asking_part, asks_if_done, is_question, names_nothing
from bot.knowledge.vocabulary import stem, words_of
from bot.topics.topic import Topic

#: So many messages after a task was carried out a question may be about it.
_MESSAGES: Final = 4
#: Sentences of fewer words say nothing by themselves: "Gedaan.".
_FEWEST: Final = 3
#: A part of a compound that has to be found in it, in letters.
_PART: Final = 4
#: Says of anything that it was done.
_DONE: Final = frozenset(
    """geregeld gedaan gelukt klaar rond vast opgeslagen genoteerd vastgelegd doorgevoerd verwerkt
    ingevoerd orde ingepland doorgekomen bewaard bevestigd geslaagd doorgegeven doorgezet gewijzigd
    veranderd aangepast aangemeld afgemeld aangevraagd ingeschreven gereserveerd geboekt
    opgeschreven gezet gewisseld""".split()
)
_IS_DONE: Final = re.compile(
    r"\b(?:is|zijn|staat|heb|hebt|hebben|heeft)\b[^.?!]*\b(?:" + "|".join(sorted(_DONE)) + r")\b",
    re.IGNORECASE,
)
#: Words of a question that say nothing of its subject, besides those of every question.
_LIGHT: Final = frozenset(
    stem(word)
    for word in """alweer beginnen begint eerst eerstvolgende exact gekozen gezegd heet ie ingaan
    ingaat ingang huidig keer kom komen komt krijg krijgen laat lopen loopt meteen morgen moment
    nieuwe nou ongeveer opnieuw precies start stond staat staan tijd tot terug uiteindelijk volgende
    zeggen echt helemaal definitief alles laatste goed netjes top fijn mooi super prima oke okee
    ok bedankt dankje dank wel fantastisch gelukkig""".split()
)
#: What is asked of money; the task's own sentence about it answers.
_MONEY: Final = frozenset(map(stem, "betaal betalen kost kosten euro geld bedrag extra".split()))
#: Asks for what is so.
_STATE: Final = re.compile(r"(?:.*\b)?(?:wat|welke?|waar\w*|hoeveel|hoe)\b", re.IGNORECASE)
#: Asks for what may be, or is so for all: no task has said that of itself.
_MAY: Final = re.compile(
    r"\b(?:kan|kun|kunt|kunnen|mag|mogen|zou\w*|als|anders|eerder|later|jullie)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Account:
    """What a task said of itself.

    Attributes:
        said: its sentences of the summary that stands, or of the outcome.
        before: those of the summary that was agreed to; none while one stands.
        done: whether something was carried out; else it is about to be.
        words: stems of the words that are the task's own.
    """

    said: tuple[str, ...]
    before: tuple[str, ...]
    done: bool
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """The answer to a question about a task.

    Attributes:
        fact: what answers it, in the task's own words.
        done: whether it was asked if the task was carried out; it was.
    """

    fact: str
    done: bool = False


def account(
    slots: Mapping[str, Any], events: Sequence[Mapping[str, Any]], topic: Topic
) -> Account | None:
    """What the task at hand said of itself: the summary that stands, or the newest outcome.

    Args:
        slots: the conversation's.
        events: Rasa's, oldest first, the newest message among them.
        topic: the task's.

    Returns:
        None when neither was shown a moment ago.
    """
    if slots.get("requested_slot") == CONFIRM.slot and slots.get(SHOWN):
        at = _message(events, len(events))
        return _of(_said(events, _message(events, at), at), (), topic, done=False)
    place = outcome_place(slots, events, _MESSAGES)
    if place is None:
        return None
    asked = _message(events, place)
    summary = _said(events, _message(events, asked), asked)
    return _of(_said(events, place, _next_message(events, place)), summary, topic, done=True)


def known(question: str, told: Account) -> Known | None:
    """The answer to a question from what the task said of itself; None: it is not in there.

    Args:
        question: as it was typed.
        told: by the task.
    """
    part = asking_part(question)
    if not (is_question(part) and told.said):
        return None
    words = words_of(part)
    named = {stem(word) for word in words if _is_own(word, told.words)}
    others = [word for word in words if stem(word) not in named | _LIGHT]
    if told.done and _asks_if_done(part, named, others):
        return Known(told.said[0], done=True)
    others = [word for word in others if stem(word) not in _MONEY]
    if _MAY.search(part) or (others and not names_nothing(" ".join(others))):
        return None
    for sentences_of in (told.said, told.before):
        if fact := told_again(part, sentences_of, about=True):
            return Known(fact)
    if not named or asks_fact(part) or _STATE.match(part) is None:
        return None

    def fit(sentence: str) -> int:
        spoken = {stem(word) for word in words_of(sentence)}
        return sum(_is_own(word, spoken) for word in words)

    return Known(max((*told.said, *told.before), key=fit))


def _asks_if_done(part: str, named: Collection[str], others: Sequence[str]) -> bool:
    """Whether it is asked if the task was carried out, in its own words or in those of any."""
    rest = [word for word in others if word not in _DONE]
    if _STATE.match(part) or (rest and not names_nothing(" ".join(rest))):
        return False
    return _IS_DONE.search(part) is not None or (asks_if_done(part) and bool(named))


def _is_own(word: str, own: Collection[str]) -> bool:
    """Whether a word is the task's, or a part of a compound of its own."""
    if (base := stem(word)) in own:
        return True
    return len(word) >= _PART and any(each.endswith(base) for each in own)


def _of(said: Sequence[str], before: Sequence[str], topic: Topic, *, done: bool) -> Account | None:
    told, agreed = _telling(said), _telling(before)
    if not told:
        return None
    spoken = (topic.title, *topic.labels.values(), *topic.called, *said, *before)
    words = frozenset(stem(word) for text in spoken for word in words_of(text))
    return Account(told, agreed, done, words)


def _telling(texts: Sequence[str]) -> tuple[str, ...]:
    """The sentences that say something by themselves."""
    return tuple(each for each in sentences(texts) if len(each.split()) >= _FEWEST)


def _said(events: Sequence[Mapping[str, Any]], start: int, end: int) -> list[str]:
    """What the bot said between two places."""
    texts = (each.get("text") for each in events[start:end] if each.get("event") == "bot")
    return [str(text) for text in texts if text]


def _message(events: Sequence[Mapping[str, Any]], before: int) -> int:
    """The place of the customer's last message before a place; 0 when there is none."""
    heard = (at for at in range(before - 1, -1, -1) if events[at].get("event") == "user")
    return next(heard, 0)


def _next_message(events: Sequence[Mapping[str, Any]], behind: int) -> int:
    """The place of the customer's first message behind a place."""
    heard = (at for at in range(behind, len(events)) if events[at].get("event") == "user")
    return next(heard, len(events))
