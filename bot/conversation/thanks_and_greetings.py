"""Recognises thanks, greetings and goodbyes in a customer's own words. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.escape import normalise
from bot.conversation.escape_words import GREETINGS

_THANKS: Final = re.compile(
    r"(heel |hartelijk |super |ok |oke |prima |top |nou |ja )*"
    r"(bedankt|bedank|dank|dankje|dankjewel|dankuwel|thanks|thx|merci|top|fijn|prima|ok|oke|"
    r"goed|super|mooi|tot ziens|dag|doei|fijne dag|fijne avond|fijn weekend)"
    r"( (je|u|jullie|wel|hoor|voor|de|uw|het|hulp|moeite|en|bedankt|dank|fijne|dag|avond|nog|"
    r"geholpen|ook|allemaal|samira|groet|groeten|gr))*"
)


def is_thanks(text: str) -> bool:
    """Whether a message is thanks, approval or a goodbye, and nothing else."""
    return _THANKS.fullmatch(normalise(text)) is not None


def is_thanks_or_greeting(text: str) -> bool:
    """Whether a message is a greeting, thanks or a goodbye: the same reply to it is no loop."""
    words = normalise(text).split()
    return is_thanks(text) or (bool(words) and GREETINGS.issuperset(words))
