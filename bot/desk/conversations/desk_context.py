"""The desk context: one installation's organisation and channels, and the rules they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from bot import organisation as organisations
from bot.channel_profiles import ChannelProfiles
from bot.desk.conversations.reachability import Reachability
from bot.desk.conversations.visibility import Visibility
from bot.desk.conversations.work_lists import WorkListReader
from bot.organisation import Organisation
from bot.settings import Settings
from channels import registry
from channels.protocol import Channel


@dataclass(frozen=True, slots=True)
class DeskContext:
    """The rules that pages and acts of the desk share; the same for every conversation.

    Attributes:
        organisation: the organisation with this desk.
        channels: the configured channels by name.
        teams_private: whether agents of one team cannot read what belongs to another.
        accept: how long a conversation that goes back into the queue may wait there until the
            customer gets the call-back form.
        away: how long an agent may be gone until the conversations go back.
        silent: how long an agent may leave a customer without an answer until a reminder; after as
            long again the conversation goes back.
        capacity: most conversations an agent without a limit of the agent's own has at once; None:
            there is no limit.
        public_url: where customers' browsers reach Loket.
        profiles: what each channel is; those of `channels` when none are given.
        visibility: the rule by which an agent may see a conversation.
        reach: what the channels allow.
        lists: queue, own work and figures.
    """

    organisation: Organisation
    channels: Mapping[str, Channel] = field(default_factory=dict)
    teams_private: bool = True
    accept: timedelta = timedelta(minutes=5)
    away: timedelta = timedelta(minutes=15)
    silent: timedelta = timedelta(minutes=5)
    capacity: int | None = None
    public_url: str = ""
    profiles: ChannelProfiles = field(default_factory=ChannelProfiles)
    visibility: Visibility = field(init=False)
    reach: Reachability = field(init=False)
    lists: WorkListReader = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "visibility", Visibility(self.organisation, self.teams_private))
        if not self.profiles.known:
            own = ChannelProfiles.of(*(each.profile for each in self.channels.values()))
            object.__setattr__(self, "profiles", own)
        reach = Reachability(self.channels, self.profiles, self.organisation.timezone)
        object.__setattr__(self, "reach", reach)
        object.__setattr__(self, "lists", WorkListReader(self.visibility))

    @classmethod
    def load(cls, settings: Settings, channels: Mapping[str, Channel]) -> Self:
        """The desk context of an installation, as it is set up.

        Args:
            settings: its settings.
            channels: its channels by name.

        Raises:
            ConfigurationError: `data/organisation.yml` is missing or wrong.
        """
        return cls(
            organisations.load(settings.root),
            channels,
            settings.desk_teams_private,
            accept=timedelta(minutes=settings.accept_minutes),
            away=timedelta(minutes=settings.agent_away_minutes),
            silent=timedelta(minutes=settings.agent_silent_minutes),
            capacity=settings.agent_capacity or None,
            public_url=settings.public_url,
            profiles=registry.profiles(settings.root),
        )
