"""What is asked about a subscription, and the words in which customers answer it."""

from __future__ import annotations

from bot.dialogue.choice_patterns import first, says
from bot.dialogue.questions import Question
from bot.dutch.names import telling_words

_STOP = (
    r"opzeg|zeg .*\bop\b|stopzet|stoppen|be[eë]indig|op te zeggen|"
    r"(abonnement|contract|box) (\w+ )?annul|"
    r"\b(stop|annuleer) ((hem|die|deze)\b|(\w+ )?(\w*box|abonnement|contract|energie\w*)\b)"
)
_OTHER_PLAN = (
    r"\bandere? (\w+ )?\w*(box|tarief|abonnement|contract)|overstap|grotere?\b|kleinere?\b|"
    r"(grote|kleine) box|vast tarief|variabel|dynamisch"
)
_CHANGES = (
    (
        "pause",
        (
            r"pauze|tijdelijk|overslaan|onderbreken|"
            r"\beven (stil|(stop|uit)\w*\b.*\b(weken|maand(en)?|reis|vakantie|weg))"
        ),
    ),
    ("stop", _STOP),
    ("plan", _OTHER_PLAN),
)
PLAN_WORDS = (
    ("small", r"klein|\bsmall\b"),
    ("medium", r"middel|\bmedium\b"),
    ("large", r"gro(te|ot)|\blarge\b"),
    ("fixed", r"\bvast"),
    ("variable", r"variabel"),
    ("dynamic", r"dynamisch|uurprijs"),
)
_WEEKS = (
    ("4", r"\b(4|vier|(een|één|1) maand)\b"),
    ("8", r"\b(8|acht|(twee|2) maanden)\b"),
)


#: Words that tell something in an answer that says nothing else, at most.
_SHORT_ANSWER = 2
_KINDS = (("box", r"\b(maand)?box"), ("energy", r"\b(energie|stroom|gas\b|elektr|tarief)"))


def kinds_in(text: str) -> tuple[str, ...]:
    """The subscriptions that words name."""
    return tuple(kind for kind, pattern in _KINDS if says(pattern, text))


def _kind(text: str) -> str | None:
    """The one subscription that words name; None for both."""
    named = kinds_in(text)
    return named[0] if len(named) == 1 else None


KIND = Question("subscription", parse=_kind, early=True, one_by_one=True)


def change_in(text: str) -> str | None:
    """What is to be done with a subscription; another size or tariff names a plan by itself."""
    if found := first(_CHANGES, text):
        return found
    few = telling_words(text) <= _SHORT_ANSWER
    return "plan" if few and first(PLAN_WORDS, text) else None


CHANGE = Question("subscription_change", parse=change_in, early=True, keen=True, does=True)
#: Of words that were not asked only those that say weeks or months tell how long.
_LONG = r"\b(we+ken|maand\w*)\b"


def _weeks(text: str) -> str | None:
    """How many weeks a pause takes: "8", "twee maanden"; None of the digits of a longer text."""
    few = telling_words(text) <= _SHORT_ANSWER
    return first(_WEEKS, text) if few or says(_LONG, text) else None


WEEKS = Question("pause_weeks", parse=_weeks, early=True, names=("pauze", "weken"))


def _plan(text: str) -> str | None:
    """Which size or tariff; "een grotere box" says none yet, "de grotere" to the question does."""
    compares = says(r"\b(groter|kleiner)e?\b", text) and telling_words(text) > _SHORT_ANSWER
    return None if compares else first(PLAN_WORDS, text)


PLAN = Question("subscription_plan", parse=_plan, early=True, names=("tarief", "pakket"))
