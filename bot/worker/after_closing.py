"""A message after a person has settled the conversation: a score, thanks, or a new question."""

from __future__ import annotations

import json
import re

from bot.conversation import links, texts
from bot.conversation.choices import Meaning
from bot.conversation.escape import asks_for_person, normalise
from bot.messages import Choice, HandOver, Rated
from bot.store.ratings import Rating
from bot.worker.outcome import Outcome
from bot.worker.standing import Standing

#: From this score down a person is offered once more.
_LOW = 2
_THANKS = re.compile(
    r"(heel |hartelijk |super |ok |oke |prima |top |nou |ja )*"
    r"(bedankt|bedank|dank|dankje|dankjewel|dankuwel|thanks|thx|merci|top|fijn|prima|ok|oke|"
    r"goed|super|mooi|tot ziens|dag|doei|fijne dag|fijne avond|fijn weekend)"
    r"( (je|u|jullie|wel|hoor|voor|de|uw|het|hulp|moeite|en|bedankt|dank|fijne|dag|avond|nog|"
    r"ook|allemaal|samira|groet|groeten|gr))*"
)
_YOU_ARE_WELCOME = Choice("Graag gedaan.", (texts.ANOTHER_QUESTION,))


def answer(standing: Standing, meant: Meaning) -> Outcome | None:
    """What is said without the assistant; None: a new question, which is for the assistant.

    Args:
        standing: the closed conversation.
        meant: how its message is taken.
    """
    payload = meant.value if meant.kind == "payload" else ""
    if payload.startswith("/rate"):
        return _rated(standing, payload)
    if payload == texts.LOOK_AGAIN.payload:
        topic = standing.last.topic if standing.last else ""
        return _again(HandOver("low_rating", topic))
    if asks_for_person(meant.value):
        return _again(HandOver("asked"))
    if meant.kind == "text" and links.asks_transcript(meant.value):
        copy = Choice(texts.TRANSCRIPT.format(link=links.TRANSCRIPT), (texts.ANOTHER_QUESTION,))
        return Outcome((copy,), event=None, author="system")
    if meant.kind == "text" and _THANKS.fullmatch(normalise(meant.value)):
        return Outcome((_YOU_ARE_WELCOME,), event=None, author="system")
    return None


def _again(handed: HandOver) -> Outcome:
    """A new hand-over, of a session of its own: its person gets a score of their own."""
    return Outcome((texts.TO_HUMAN,), (handed,), "medewerker", fresh=True)


def _rated(standing: Standing, payload: str) -> Outcome:
    """Takes the score of the person; the conversation stays closed."""
    values = json.loads(payload.removeprefix("/rate") or "{}")
    score = values.get("score")
    if score is None:
        return Outcome((texts.HUMAN_RATING,), event=None, author="system", intent="rate")
    outcome = _outcome(standing.rated, score)
    kept = standing.rated.score if standing.rated and outcome == "final" else score
    # Who was handed over for a low score before is not sent round once more.
    again = standing.last is not None and standing.last.reason == "low_rating"
    low = kept <= _LOW and not again
    text = texts.thanks_for_score(kept, outcome)
    options = [texts.ANOTHER_QUESTION]
    if outcome == "given":
        options.insert(0, texts.CHANGE_RATING)
    if low:
        text = f"{text} {texts.LOOK_AGAIN_QUESTION}"
        options.insert(0, texts.LOOK_AGAIN)
    effects = () if outcome == "final" else (Rated(score, "human"),)
    return Outcome((Choice(text, tuple(options)),), effects, "rate", None, "system")


def _outcome(before: Rating | None, score: int) -> texts.ScoreOutcome:
    """What the store will make of a score."""
    if before is None or (before.score == score and before.changes == 0):
        return "given"
    return "changed" if before.changes == 0 else "final"
