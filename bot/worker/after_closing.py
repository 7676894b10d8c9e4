"""A message after a person has settled the conversation: a score, thanks, or a new question."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from bot.catalogue import say
from bot.conversation import callback_words, links, texts
from bot.conversation.choices import Meaning, on_the_table
from bot.conversation.courtesy import is_thanks
from bot.conversation.escape import asks_for_person, normalise
from bot.messages import Choice, HandOver, Outbound, Rated, RatingRequest, Reason, Text
from bot.worker.outcome import Outcome
from bot.worker.rating_guard import LOW, becomes
from bot.worker.standing import Standing

#: What was written down as agreed is not so.
_DISPUTES = re.compile(
    r"(nee |maar |sorry )*(dat |dit |het |hier )?(klopt|is|werkt|lukt) (hier |er )?"
    r"(nog |nog steeds |helemaal |toch |echt )*(niet|niets)"
    r"( (waar|zo|goed|klaar|juist|gelukt|opgelost|geregeld|afgesproken|van|hoor))*"
)
#: Options that bring a person back to the same matter, and the reason that the person reads.
_AGAIN: Final[Mapping[str, Reason]] = {
    texts.LOOK_AGAIN: "low_rating",
    texts.STILL_OPEN: "asked",
}


def answer(standing: Standing, meant: Meaning) -> Outcome | None:
    """What is said without the assistant; None: a new question, which is for the assistant.

    Args:
        standing: the closed conversation.
        meant: how its message is taken.
    """
    payload = meant.value if meant.kind == "payload" else ""
    if payload.startswith("/rate"):
        return _rated(standing, payload)
    table = (option.payload for option in on_the_table(standing.seen))
    offered = next((each for each in table if each in _AGAIN), "")
    if offered and meant.kind == "text" and callback_words.declines(meant.value):
        left_so = Choice(say("chat.left_so"), (texts.another_question(),))
        return Outcome((left_so,), event=None, author="system")
    if offered and meant.kind == "text" and callback_words.agrees(meant.value):
        payload = offered
    if payload in _AGAIN:
        topic = standing.last.topic if standing.last else ""
        return _again(HandOver(_AGAIN[payload], topic))
    if asks_for_person(meant.value):
        return _again(HandOver("asked"))
    if meant.kind == "text" and links.asks_transcript(meant.value):
        copy = say("transcript.link", link=links.TRANSCRIPT)
        said: tuple[Outbound, ...] = (Choice(copy, (texts.another_question(),)),)
        if standing.rated is None:
            said = (Text(copy), texts.human_rating())
        return Outcome(said, event=None, author="system")
    if meant.kind == "text" and is_thanks(meant.value):
        return Outcome((_welcome(standing),), event=None, author="system")
    if meant.kind == "text" and _DISPUTES.fullmatch(normalise(meant.value)):
        again = Choice(say("rating.look_again"), (texts.still_open(), texts.another_question()))
        return Outcome((again,), event=None, author="system")
    return None


def _welcome(standing: Standing) -> Outbound:
    """The answer to thanks; the score that is still asked stays one tap away."""
    if standing.rated is None:
        text = f"{say('chat.you_are_welcome')} {say('rating.human')}"
        return RatingRequest(text, of="human")
    return Choice(say("chat.you_are_welcome"), (texts.another_question(),))


def _again(handed: HandOver) -> Outcome:
    """A new hand-over, of a session of its own: its person gets a score of their own."""
    return Outcome((texts.to_human(),), (handed,), "medewerker", fresh=True)


def _rated(standing: Standing, payload: str) -> Outcome:
    """Takes the score of the person; the conversation stays closed."""
    values = json.loads(payload.removeprefix("/rate") or "{}")
    score = values.get("score")
    if score is None:
        return Outcome((texts.human_rating(),), event=None, author="system", intent="rate")
    outcome = becomes(standing.rated, score)
    kept = standing.rated.score if standing.rated and outcome == "final" else score
    # Who was handed over for a low score before is not sent round once more.
    again = standing.last is not None and standing.last.reason == "low_rating"
    low = kept <= LOW and not again
    text = texts.thanks_for_score(kept, outcome)
    options = [texts.another_question()]
    if outcome == "given":
        options.insert(0, texts.change_rating())
    if low:
        text = f"{text} {say('rating.look_again')}"
        options.insert(0, texts.look_again())
    effects = () if outcome == "final" else (Rated(score, "human"),)
    return Outcome((Choice(text, tuple(options)),), effects, "rate", None, "system")
