"""What the framework offers customers by itself fits the channels that ship with Loket."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation import built_in_messages, queueing
from bot.messages import Choice, Option
from channels import registry
from channels.protocol import Channel
from channels.rendering import Plain, fit

CHANNELS = registry.previews(Path(__file__).parents[3], {})
#: Shown with every question to who waits.
WAYS_OUT = (built_in_messages.medewerker(), built_in_messages.back_to_bot())


def _taps(channel: Channel) -> int:
    """How many options can be tapped; 0: they are typed."""
    return channel.capabilities.buttons or channel.capabilities.rows


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS.keys())
def test_all_subjects_and_the_ways_out_fit_one_list(channel: Channel) -> None:
    """Where a channel has buttons or lists, nobody has to type a number."""
    subjects = tuple(
        Option(f"Onderwerp {number}", f"/intake{number}") for number in range(queueing.MOST_TOPICS)
    )
    (piece,) = fit(Choice("Waar gaat het over?", (*subjects, *WAYS_OUT)), channel.capabilities)
    assert isinstance(piece, Plain) != bool(_taps(channel))


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS.keys())
def test_the_ways_out_fit_buttons(channel: Channel) -> None:
    """Their titles are short enough everywhere."""
    lengths = [channel.capabilities.length(option.title) for option in WAYS_OUT]
    assert max(lengths) <= channel.capabilities.title or not _taps(channel)
