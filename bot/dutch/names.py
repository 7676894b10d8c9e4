"""Tells a person's name from talk: "hmm ja zal wel" is none. Pure.

Nobody can list names. But words that only bind others (pronouns, verbs of mood, adverbs) are few,
and a name holds none of them, apart from those that belong to surnames.
"""

from __future__ import annotations

import re
from typing import Final

#: Words without a subject of their own, as `bot.conversation.escape.normalise` writes them.
_FUNCTION: Final = frozenset(
    """aha al allemaal alles als altijd anders best ben bent daar dan dat deze die dit doe doen doet
    dus echt eens eh en er erg even ga gaan gaat geen gewoon goed graag haar had heb hebben hebt
    heeft heel hem hen het hier hij hmm hm ho hoe hoef hoeft hoor hun iemand iets ik is ja jawel je
    jij jou jouw jullie kan klopt kom komen komt kun kunnen kunt laat maar mag maken maakt me meer
    mij mijn misschien moest moet moeten mogen nee neen niemand niet niets niks nog nooit nou nu of
    oh ok oke omdat ons onze ook op pff prima soms straks tja toch toe u uh uit uw veel verder wat
    waar waarom wanneer want waren was we weer weet wel werd weten wie wil wilde wilt wij willen
    word worden wordt wou zal zeg zeggen zei zeker zelf zich zie zij zijn zo zou zouden
    zullen""".split()
)
#: Of these, and of no others like them, surnames are made.
_OF_SURNAMES: Final = frozenset("aan bij de den der het in op t te ten ter tot uit van".split())
_WORD: Final = re.compile(r"[^\W\d_]+")
#: What may stand before a name that is given: "doe maar Jansen", "nou, Jansen dan".
_LEAD: Final = re.compile(
    r"^(?:(?:ja|ok[eé]?|nou|h+m+|eh+|uh+"
    r"|(?:doe|zet|schrijf|noteer|zeg|typ)(?: dan| er)? maar)\b[\s,.:]*)+",
    re.IGNORECASE,
)


def only_binds(text: str) -> bool:
    """Whether words hold nothing but what binds others: "ja zal wel", "doe maar".

    Args:
        text: as it was typed.
    """
    words = _words(text)
    return bool(words) and all(word in _FUNCTION for word in words)


def telling_words(text: str) -> int:
    """How many words of a text say something by themselves; numbers do.

    Args:
        text: as it was typed: "de grote doe maar" has one.
    """
    words = re.findall(r"\w+", text.casefold())
    return sum(word not in _FUNCTION and word not in _OF_SURNAMES for word in words)


def without_lead(text: str) -> str:
    """A name without what stands before it; all of it where nothing follows.

    Args:
        text: as it was typed.
    """
    return _LEAD.sub("", text).strip() or text


def is_like_name(text: str) -> bool:
    """Whether words may be a name: none of them binds others, but for those of surnames.

    Args:
        text: as it was typed, without what leads to it.
    """
    words = _WORD.findall(text)
    told = [word.casefold() for word in words]
    talk = [at for at, word in enumerate(told) if word in _FUNCTION - _OF_SURNAMES - {"en"}]
    own = any(word not in _FUNCTION and word not in _OF_SURNAMES for word in told)
    if not own or not talk:
        return own
    # "Wil de Boer" and "Jan Goed": who writes names writes capitals, behind the first word too.
    capital = [word[:1].isupper() for word in words]
    large = all(capital[at] or told[at] in _OF_SURNAMES for at in range(len(words)))
    return large and len(words) > 1


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
