"""YAML anchors in domain.yml tie no general reply to one of the shop's, nor the other way around.

Who begins an assistant of their own takes the general replies and leaves the shop's out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.support.shop_vocabulary import FRAMEWORK_INTENTS, ROOT

DOMAIN = (ROOT / "domain.yml").read_text(encoding="utf-8")
#: Replies that the framework's code names, and those of rules that every assistant has.
GENERAL = (
    {
        name
        for path in (ROOT / "bot").rglob("*.py")
        for name in re.findall(r"\butter_\w+[a-z]\b(?!_?\{)", path.read_text(encoding="utf-8"))
    }
    | {f"utter_{intent}" for intent in FRAMEWORK_INTENTS}
    | {"utter_default", "utter_refusal_confirmed"}
)


def is_general(reply: str) -> bool:
    """Whether the framework says it, or a variation of it (`_again`, `_last`)."""
    return any(reply == name or reply.startswith(f"{name}_") for name in GENERAL)


def anchors(domain: str) -> Iterator[tuple[str, str]]:
    """Each anchor with each reply that makes or uses it."""
    reply = ""
    for line in domain.splitlines():
        if found := re.match(r"  (utter_\w+):", line):
            reply = found[1]
        # Not within quotes: a sign there is part of what a customer reads.
        bare = re.sub(r"\"[^\"]*\"|'[^']*'|\s#.*", "", line)
        for name in re.findall(r"(?:^|[\s\[{:])[&*]([a-z]\w*)(?=[\s,\]}]|$)", bare):
            yield name, reply


def mixed(domain: str) -> dict[str, list[str]]:
    """Anchors that general replies share with others."""
    users: dict[str, list[str]] = defaultdict(list)
    for name, reply in anchors(domain):
        users[name].append(reply)
    return {
        name: replies
        for name, replies in users.items()
        if len({is_general(reply) for reply in replies}) > 1
    }


def test_no_anchor_ties_general_replies_to_the_shops() -> None:
    """Write the buttons out instead."""
    assert mixed(DOMAIN) == {}


def test_the_check_sees_anchors_and_both_kinds() -> None:
    """Otherwise it would pass whatever the domain says."""
    replies = {reply for _, reply in anchors(DOMAIN)}
    assert {is_general(reply) for reply in replies} == {True, False}
    tied = DOMAIN + "\n  utter_track_order_none:\n    - text: Niets.\n      buttons: *most_asked\n"
    assert "most_asked" in mixed(tied)
