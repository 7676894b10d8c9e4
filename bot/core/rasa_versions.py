"""The versions of Rasa that Loket's changes to it were made for. Imports nothing of Rasa.

A patch leans on what a library does not promise. With another version it may do nothing, or the
wrong thing, and nobody would notice: so each names what it was tried with. With another version
Loket refuses to start, or goes on without where that is only slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Final

import structlog

from bot.errors import ConfigurationError

log = structlog.get_logger(__name__)

_RASA: Final = {"rasa": "3.6."}


@dataclass(frozen=True, slots=True)
class Patch:
    """A change to a library.

    Attributes:
        name: what it does, for a log line and a refusal.
        made_for: how the version begins that it was tried with, by library.
        without: what happens without it, where Loket can do without; empty: it cannot.
    """

    name: str
    made_for: Mapping[str, str] = field(default_factory=lambda: _RASA, hash=False)
    without: str = ""


SESSIONS: Final = Patch("a session begins when a turn asks for it")
LOADED_GRAPH: Final = Patch("the components of a loaded model are read")
OWN_ANSWERS: Final = Patch(
    "answers of actions in this process are not validated again",
    {"rasa": "3.6.", "rasa-sdk": "3.6."},
    without="a turn takes some 30 ms more for each action",
)
READING_EVENTS: Final = Patch(
    "stored events are read by their type",
    without="reading a conversation takes three times as long",
)
OWN_DOMAIN: Final = Patch(
    "a model's domain is read once and not validated again",
    without="a worker starts a second later",
)
KEPT_STATES: Final = Patch(
    "states of a conversation are worked out once a turn", without="a turn takes a third more"
)
STAND_INS: Final = Patch(
    "libraries that no component uses are not imported with Rasa",
    without="a start takes ten seconds more, and each worker 350 MB",
)
INDEXED_POLICIES: Final = Patch(
    "rules and stories are found in an index", without="a turn takes a third more"
)
DEBUG_COPIES: Final = Patch(
    "nothing is copied for log lines that are not written", without="a turn takes some 3% more"
)
IDLE_SLOTS: Final = Patch(
    "slots that no message fills are passed over", without="a turn takes some 4% more"
)
FORMS_AHEAD: Final = Patch(
    "a form that looks ahead works on a copy", without="a turn of a form takes some 5% more"
)
EMPTY_DOMAINS: Final = Patch(
    "no empty domain is made for each message", without="a message takes some 3% more"
)
CLOCK: Final = Patch(
    "events and sessions go by Loket's clock",
    without="sessions do not follow a clock that is moved, as in loket chat",
)
ACTIONS: Final = Patch(
    "Loket's own actions are registered before an assistant's", {"rasa-sdk": "3.6."}
)
TRAINED_MODEL: Final = Patch("a trained model is packed once, without a cache")
SERVERS: Final = Patch(
    "rasa shell, rasa run and rasa run actions serve with a maintained Sanic",
    {"rasa": "3.6.", "rasa-sdk": "3.6.", "sanic": "24.12."},
)
#: The patches that a worker needs; `TRAINED_MODEL` is for training, `SERVERS` for Rasa's commands.
OF_THE_WORKER: Final = (
    STAND_INS,
    SESSIONS,
    ACTIONS,
    LOADED_GRAPH,
    OWN_ANSWERS,
    READING_EVENTS,
    OWN_DOMAIN,
    KEPT_STATES,
    INDEXED_POLICIES,
    DEBUG_COPIES,
    IDLE_SLOTS,
    FORMS_AHEAD,
    EMPTY_DOMAINS,
    CLOCK,
)


@cache
def fits(patch: Patch) -> bool:
    """Whether a patch is for the versions that are installed; if not, a log line says so, once.

    Raises:
        ConfigurationError: it is not, and Loket cannot do without it.
    """
    for library, made_for in patch.made_for.items():
        found = version(library)
        if found.startswith(made_for):
            continue
        if not patch.without:
            raise ConfigurationError(
                f"{library} is version {found}, and this part of Loket was made for {made_for}x: "
                f"{patch.name}. Install the versions of requirements.lock (make env), or see in "
                f"bot/core/rasa_patches.py whether it still fits, and then name the version in "
                f"bot/core/rasa_versions.py."
            )
        log.warning(
            "rasa_patch_skipped",
            patch=patch.name,
            library=library,
            version=found,
            made_for=f"{made_for}x",
            without=patch.without,
        )
        return False
    return True


def check() -> None:
    """Refuses a start with versions that Loket cannot work with.

    Raises:
        ConfigurationError: a patch that Loket cannot do without is not for what is installed.
    """
    for patch in OF_THE_WORKER:
        fits(patch)
