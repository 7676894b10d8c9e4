"""Finds corrections of earlier answers in a message to a task. Pure.

Three ways in which people correct: they name the answer ("huisnummer 12a", "hoog moet 50010 zijn"),
they name it without a new value ("andere postcode"), or they begin as one does ("nee, de 14e").
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.conversation.escape import normalise
from bot.dialogue import own_words, phrases
from bot.dialogue.commands import Answer, Command, Correct
from bot.dialogue.questions import CONFIRM, Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import TurnMessage
from bot.dutch import clauses
from bot.dutch.question_grammar import asks_indirectly, is_question

_OTHER: Final = r"(?:andere?|nieuwe?|verkeerde?|foute?|onjuiste?)"
_CHANGE: Final = r"(?:wijzig|verander|corrigeer|verbeter|pas)"
_CHANGING: Final = r"(?:wijzigen|veranderen|aanpassen|corrigeren|verbeteren|anders)"
_WRONG: Final = r"(?:(?:klopt|klopte|is|was) (?:toch )?(?:niet|fout|verkeerd|onjuist|anders))"
#: What takes back a wish, rather than naming another.
_DENIES: Final = re.compile(r"\b(?:niet|nie|geen|nooit|zonder|niks|niets|tenzij)\b")
_THE: Final = r"(?:de |het |mijn |die |dat |een )?"


def given(question: Question, value: Any, now: Situation) -> Command:
    """The command that gives a value to a question: a correction where it replaces another."""
    replaces = now.is_checked(question) and now.values[question.slot] != value
    return Correct(question.slot, value) if replaces else Answer(question.slot, value)


def named_values(message: TurnMessage, now: Situation) -> list[Command]:
    """The values that stand behind the name of what they are: "hoog moet 50010 zijn"."""
    if "?" in message.typed:
        return []
    found: list[Command] = []
    places = now.named(message.typed)
    for index, (question, _, end) in enumerate(places):
        stop = places[index + 1][1] if index + 1 < len(places) else len(message.typed)
        value = _value(message, question, end, stop, now.asked)
        if value is not None and (question == now.asked or now.values.get(question.slot) != value):
            found.append(given(question, value, now))
    return found


def _value(message: TurnMessage, question: Question, start: int, stop: int, asked: Question) -> Any:
    """The value for a question in a part of the message; None when it holds none."""
    wanted = (question.slot, question.entity)
    for entity in message.entities:
        if entity.name in wanted and start <= entity.start and entity.end <= stop:
            return entity.value
    words = message.typed[start:stop].strip(" \t:,;.-")
    if own_words.takes(question) and question != asked:
        return own_words.named(words)
    if not words or question.parse is None or question.free or question.any_words:
        return None
    return question.parse(words)


def asked_again(message: TurnMessage, now: Situation) -> tuple[Command, ...]:
    """The answers that the customer calls wrong without saying what is right: "andere postcode"."""
    said = normalise(message.typed)
    found: list[Command] = []
    for question, start, end in now.named(message.typed):
        if now.values.get(question.slot) is None or question.slot == now.asked.slot:
            continue
        name = re.escape(normalise(message.typed[start:end]))
        wrong = (
            rf"\b{_OTHER} {name}\b|\b{name} {_WRONG}\b|\b{name} (?:\w+ )?{_CHANGING}\b"
            rf"|\b{_CHANGE} {_THE}{name}\b"
        )
        if re.search(wrong, said):
            found.append(Correct(question.slot))
    return tuple(found)


def called(message: TurnMessage, now: Situation) -> tuple[Command, ...]:
    """Takes "nee, 13" or "nee de trui" as a correction of a question already answered.

    To a summary a value alone is one ("vrijdag", "ja doe maar vrijdag"), when one question takes
    it: the summary that follows shows what became of it. Where any words are an answer, a
    correction has to call itself one ("ik bedoel 13"; "nee" may begin an answer).
    """
    words = message.correction
    if now.asked.any_words and not message.corrects:
        return ()
    if now.asked is CONFIRM and not words and message.intent != "deny":
        words = message.typed
    if not words or "?" in message.typed or asks_indirectly(message.typed):
        return ()
    taken = {
        each.slot: value
        for each in now.questions
        if now.is_checked(each) and each is not CONFIRM
        # Anything would be a correction of the others.
        and each.parse is not None and not (each.free or each.any_words)
        and (value := _read(each, words, message)) is not None and value != now.values[each.slot]
    }  # fmt: skip
    if not message.correction and len(taken) > 1:
        return ()
    if not taken and (own := own_words.corrected(message, now)):
        return (Correct(own[0].slot, own[1]),)
    return tuple(Correct(slot, value) for slot, value in taken.items())


def _read(question: Question, words: str, message: TurnMessage) -> Any:
    """The value for a question in words that correct: first in those that deny nothing."""
    if question.parse is None:
        return None
    said = message.asserted
    value = question.parse(said) if said != message.typed else None
    if value is not None or message.denies_first:
        # "Niet opzeggen" names what is not wanted.
        return value
    return question.parse(words)


def contrasted(message: TurnMessage, now: Situation) -> tuple[Command, ...]:
    """Takes "niet de trui maar de jas" as a correction: it denies the answer that there is.

    Whatever the message was taken for: what is denied is that answer, and another is in its place.
    """
    kept = message.asserted
    if kept == message.typed or "?" in message.typed or asks_indirectly(message.typed):
        return ()
    found: list[Command] = []
    for each in now.questions:
        if each.parse is None or each.free or each.any_words or not now.is_checked(each):
            continue
        value, known = each.parse(kept), now.values[each.slot]
        if value is None or value == known:
            continue
        wanted = normalise(kept).split()
        said = (word for word in normalise(message.typed).split() if word not in wanted)
        left_out = " ".join(said)
        if each.parse(left_out) == known:
            found.append(Correct(each.slot, value))
    return tuple(found)


def other_wish(message: TurnMessage, now: Situation) -> tuple[Command, ...]:
    """Takes words for what else the task can do as a change of what it is to do.

    "Zeg dan maar op" where a pause is being arranged starts that in its place; what was told is
    kept. Words that may only end the talk, that deny or that ask change nothing, nor do those
    that answer the question asked.
    """
    said, parts = normalise(message.typed), clauses.cut(message.asserted)
    if not said or asks_indirectly(message.typed) or message.doubts:
        return ()
    if len(parts) == 1 and message.is_question:
        return ()
    if phrases.LEAVE.fullmatch(said) or now.topics.kind(message.intent) in {"ending", "sensitive"}:
        return ()
    wishes = [
        each.text
        for each in parts
        if not (_DENIES.search(normalise(each.text)) or is_question(each.said))
    ]
    for each in now.questions:
        if not each.does or each == now.asked or each.parse is None or not now.is_checked(each):
            continue
        found = (value for clause in wishes if (value := each.parse(clause)) is not None)
        value = next(found, None)
        if value is not None and value != now.values[each.slot]:
            return (Correct(each.slot, value),)
    return ()


def amended(message: TurnMessage, now: Situation) -> tuple[Command, ...]:
    """Takes a part as a correction of an answer: "sorry, AB natuurlijk" of a postcode.

    Of the question asked the answer may have been refused; of others the words must begin as a
    correction does.
    """
    if "?" in message.typed or not message.typed:
        return ()
    others = now.questions if message.correction else ()
    for question in (now.asked, *others):
        before = now.values.get(question.slot) or now.refused.get(question.slot)
        if question.amend is None or before is None:
            continue
        value = question.amend(str(before), message.typed)
        if value is not None and value != before:
            return (given(question, value, now),)
    return ()
