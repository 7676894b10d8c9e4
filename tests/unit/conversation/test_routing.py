"""Which team gets what, and what goes first."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.conversation.routing import Team, default_team, is_urgent, team_for
from bot.messages import Reason

GENERAL = Team("algemeen", "Klantenservice", default=True)
PARCELS = Team("bezorging", "Bezorging", ("track_order", "change_delivery"))
CARE = Team("zorg", "Persoonlijke hulp", ("sensitive_matter",))
TEAMS = (PARCELS, GENERAL)
URGENT = ("sensitive_matter",)


@pytest.mark.parametrize(
    ("topic", "team"),
    [
        ("track_order", PARCELS),
        ("change_delivery", PARCELS),
        ("complaint", GENERAL),
        ("sensitive_matter", GENERAL),
        ("", GENERAL),
    ],
)
def test_a_topic_leads_to_its_team(topic: str, team: Team) -> None:
    """What nobody has, and what is not known, goes to the default team."""
    assert team_for(topic, "asked", URGENT, TEAMS) == team


@pytest.mark.parametrize("topic", ["track_order", "sensitive_matter", ""])
def test_a_sensitive_matter_goes_to_who_has_those(topic: str) -> None:
    """Whatever it was about before; without such a team to the default one."""
    assert team_for(topic, "sensitive", URGENT, (*TEAMS, CARE)) == CARE
    assert team_for(topic, "sensitive", URGENT, TEAMS) == GENERAL
    assert team_for(topic, "sensitive", (), TEAMS) == (GENERAL)


@pytest.mark.parametrize("reason", get_args(Reason))
def test_sensitive_is_urgent(reason: Reason) -> None:
    """By reason or by topic, and so is danger; nothing else is."""
    assert is_urgent("track_order", reason, URGENT) == (reason in {"sensitive", "danger"})
    assert is_urgent("sensitive_matter", reason, URGENT)


def test_the_default_team_is_found() -> None:
    assert default_team(TEAMS) == GENERAL
