"""Understands a message to a running task as commands: the one place that decides what was meant.

Pure: a message and the task's situation in, commands out. So every rule of the dialogue is tested
without a model.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.conversation.escape import normalise
from bot.dialogue import additions, corrections, denials, objections, phrases, withdrawals
from bot.dialogue.beside_question import asks_aside, unserved, without_open_questions
from bot.dialogue.commands import (
    Ask,
    AskBeside,
    AskLeave,
    AskWhy,
    Back,
    Beyond,
    Command,
    Consent,
    Correct,
    Leave,
    Misunderstood,
    NoneOfThese,
    Person,
    Refuse,
    Repeat,
    Resume,
    StartTask,
    Unclear,
    Wait,
)
from bot.dialogue.consent import consents, plain_answer
from bot.dialogue.entity_answers import by_entities
from bot.dialogue.message_answers import answers_in, by_words, first_answers
from bot.dialogue.other_subject import is_aside, is_elsewhere, is_remark
from bot.dialogue.questions import CONFIRM
from bot.dialogue.restated import agrees, asks_for_it
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import TurnMessage
from bot.dutch import clauses
from bot.dutch.question_grammar import ends_asking, is_question

Commands = tuple[Command, ...]
_OF_US: Final = re.compile(
    r"(?:(?:en|maar|ok|oke|ja) )*(?:kun|kunt|kan|kunnen|wil|wilt|willen|zou|zouden|komt|komen) "
    r"(?:u|jullie|je|jij|er iemand)\b"
)


def commands_of(message: TurnMessage, now: Situation) -> Commands:
    """What a message asks of a task.

    Args:
        message: what the customer said.
        now: where the task stands; for a message that starts it, with the answers of an earlier
            run forgotten.

    Returns:
        At least one command. Values come in the order in which they are to be taken.
    """
    if now.person_offered and message.says_yes_or_no is True:
        return (Person(),)
    if message.started:
        return (StartTask(), *first_answers(message, now))
    if (now.resuming or now.leaving) and (wanted := _yes_or_no(message, now)) is not None:
        return (Leave(),) if wanted is now.leaving else (Resume(),)
    if now.misunderstood and consents(message):
        return (Resume(),)
    if message.waits:
        return (Wait(),)
    if message.renewed and now.asked.free and is_remark(message, now.topics):
        return (Unclear(),)
    another: Commands = ()
    if also := additions.also(message, now):
        return also
    if now.claim and now.proof and _names_another(message, now):
        if now.topics.kind(message.intent) == "task" and is_elsewhere(message, now):
            # "Waar is AB-123456?" in another task asks for that one, and corrects nothing here.
            return (Ask(),)
        # Another claim is proved anew, and an answer beside it belongs to it.
        own = tuple(each for each in now.questions if each not in (now.claim, now.proof))
        values = {slot: value for slot, value in now.values.items() if slot != now.proof.slot}
        another = (Correct(now.proof.slot),)
        now = replace(now, questions=(now.claim, now.proof, *own), asked=now.claim, values=values)
    return (*another, *_meant(message, now))


def _yes_or_no(message: TurnMessage, now: Situation) -> bool | None:
    """The answer to the engine's own question; a no may have words behind it: "nee, is prima"."""
    denies = normalise(message.typed).startswith("nee ") and not message.entities
    if denies and not (message.doubts or message.is_question or is_elsewhere(message, now)):
        # Also "nee hoor, het is goed zo". "Nee, ga maar door" says no to stopping.
        return False
    return message.says_yes_or_no


def _names_another(message: TurnMessage, now: Situation) -> bool:
    if now.claim is None:
        return False
    known = now.values.get(now.claim.slot)
    return message.names_another(now.claim.slot, known, now.asked.slot, now.asked.entity)


def _meant(message: TurnMessage, now: Situation) -> Commands:
    """What a message to a running task means."""
    if plain := _about_the_question(message, now):
        return plain
    if now.topics.kind(message.intent) in {"ending", "sensitive"} and is_elsewhere(message, now):
        return _elsewhere(message, now)
    if contrast := corrections.contrasted(message, now):
        return contrast
    beyond = tuple(Beyond(words) for words in unserved(message, now))
    elsewhere = is_elsewhere(message, now) and not beyond
    answers = () if elsewhere else _answers(message, now)
    new = tuple(each for each in answers if getattr(each, "value", None) is not None)
    wants_else = elsewhere and withdrawals.goes_on_elsewhere(message)
    if withdrawals.is_sure(message, now, new) and not wants_else:
        return (Leave(),)
    if leaves := denials.denied(message, now):
        # Whatever a question would read in the words that are denied.
        return (leaves,)
    if elsewhere:
        return _elsewhere(message, now)
    if beyond:
        return (*beyond, *(answers or (_refused(message, now),)))
    if new and asks_aside(message):
        return (AskBeside(), *answers)
    return answers or (_no_answer(message, now),)


def _answers(message: TurnMessage, now: Situation) -> Commands:
    """The answers in what is told, rather than asked; where any words are one, in all of them."""
    if now.asked.free or now.asked.any_words:
        return answers_in(message, now)
    told = withdrawals.wanted_instead(message) or without_open_questions(message)
    return answers_in(told, now) if told.typed or not message.typed else ()


def _elsewhere(message: TurnMessage, now: Situation) -> Commands:
    """What a message about something else still answers; nothing: it is for others."""
    return tuple(by_entities(message, now, now.asked, frozenset(), sure_only=True)) or (Ask(),)


def _about_the_question(message: TurnMessage, now: Situation) -> Commands:
    """What goes before any reading of values; empty when the message is nothing of the kind."""
    asked = now.asked
    if edited := message.entity("edit"):
        return (Correct(str(edited.value)), Repeat())
    if asked is CONFIRM and (said := _plain_answer(message)):
        return (said,)
    if asked is CONFIRM and message.typed and not message.entities:
        if agrees(message.typed, now.questions, now.values):
            return (Consent(),)
        if asks_for_it(message.typed, now.questions, now.values):
            return (Unclear(),)
    if message.goes_on:
        return (Repeat(),)
    if asked is CONFIRM and (
        message.asks_whether_done or _asks_if_right(message) or _wants_more(message)
    ):
        return (Unclear(),)
    if wish := corrections.other_wish(message, now):
        return wish
    keen = asked.keen and not message.asks_pages and not withdrawals.drops(message, now)
    if keen and (word := by_words(message, asked, now)):
        return (word,)
    kinds: tuple[tuple[bool, Command], ...] = (
        (message.wants_out and not withdrawals.goes_on_otherwise(message), Leave()),
        (message.wants_back, Back()),
        (message.fits_none, NoneOfThese()),
        (message.asks_why and asked.slot in now.explained, AskWhy()),
    )
    return tuple(command for applies, command in kinds if applies)[:1]


def _asks_if_right(message: TurnMessage) -> bool:
    """Whether a message only asks if a summary is right: "klopt dat wel, dinsdag?"."""
    whole = message.typed.rstrip().endswith("?") or len(clauses.cut(message.typed)) == 1
    asks = whole and is_question(message.typed) and not message.correction
    return asks and _says_right_or_not(message)


def _says_right_or_not(message: TurnMessage) -> bool:
    return phrases.WHETHER_RIGHT.search(normalise(message.typed)) is not None


def _wants_more(message: TurnMessage) -> bool:
    """Whether a yes to a summary goes on with another wish: "ja klopt. en gas ook nog".

    It neither agrees plainly nor changes what is shown: that is put before the customer once more.
    """
    first, *rest = [each.text for each in clauses.cut(message.typed)] or [""]
    return plain_answer(first) == "yes" and any(map(phrases.ALSO.match, rest))


def _no_answer(message: TurnMessage, now: Situation) -> Command:
    """What a message without any answer is."""
    if message.intent in now.own and not message.typed:
        return Repeat()
    if message.wants_else:
        return Leave()
    if objections.objects(message, now):
        named = message.asks_pages or objections.names_topic(message, now)
        return Ask() if named else Misunderstood()
    if withdrawals.is_likely(message, now):
        return Leave() if now.leaving else AskLeave()
    if is_aside(message, now):
        return Ask()
    return AskBeside() if _only_asks(message, now) else _refused(message, now)


def _only_asks(message: TurnMessage, now: Situation) -> bool:
    """Whether a message asks, and says nothing of the answer: "klopt dat?" is about a summary."""
    doubts_it = _says_right_or_not(message) or message.intent in {"affirm", "deny"}
    about_summary = now.asked is CONFIRM and doubts_it
    asks = message.is_question or ends_asking(message.typed) or _asks_of_us(message)
    return asks and not message.knows_not and not about_summary


def _asks_of_us(message: TurnMessage) -> bool:
    """Whether a message asks somebody to do something: "kunnen jullie hem komen halen"."""
    return _OF_US.match(normalise(message.typed)) is not None


def _refused(message: TurnMessage, now: Situation) -> Command:
    """What a message is that the question cannot use: a no to a summary, or unclear."""
    denies = now.asked is CONFIRM and normalise(message.typed).startswith("nee ")
    return Refuse() if denies and not message.is_question else Unclear()


def _plain_answer(message: TurnMessage) -> Command | None:
    """A plain yes or no to a summary; words with anything attached are none."""
    if consents(message):
        return Consent()
    tapped = not message.typed and message.intent == "deny"
    return Refuse() if tapped or plain_answer(message.typed) == "no" else None
