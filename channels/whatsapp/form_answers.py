"""Reads what a customer filled in on a form within WhatsApp (a flow). Pure.

https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/receiveflowresponse
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from channels.whatsapp.json_access import mapping, text

#: What Meta puts around the name of a field: `screen_0_Voornaam_0`.
_AROUND: Final = re.compile(r"^screen_\d+_|_\d+$")
#: Fields that are no answers.
_OURS: Final = frozenset({"flow_token"})
#: Most answers that are read, and the longest one, in characters: what an agent can take in.
_MOST: Final = 50
_LONGEST: Final = 1000


def read(message: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """The answers on a form, name and value; None: the message is no form.

    What cannot be read is left out; a form of which nothing can be read has no answers.
    """
    inner = mapping(message.get("interactive"))
    if message.get("type") != "interactive" or inner.get("type") != "nfm_reply":
        return None
    try:
        given = json.loads(text(mapping(inner.get("nfm_reply")).get("response_json")))
    except (ValueError, RecursionError):
        return []
    named = [(_name(name), _words(value)) for name, value in mapping(given).items()]
    return [each for each in named if all(each) and each[0] not in _OURS][:_MOST]


def _name(field: str) -> str:
    name = field if field in _OURS else _AROUND.sub("", _AROUND.sub("", field)).replace("_", " ")
    return " ".join(name.split())[:_LONGEST]


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value[:_MOST])))[:_LONGEST]
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return {True: "ja", False: "nee"}.get(value, "") if isinstance(value, bool) else ""
    return " ".join(str(value).split())[:_LONGEST]
