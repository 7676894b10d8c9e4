"""What Loket changes in Rasa: each change does what it says, and refuses another version."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers import domain_provider
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from structlog.testing import capture_logs

import rasa_plus
from bot.core import rasa_patches, rasa_shortcuts, rasa_versions
from bot.core.rasa_versions import OF_THE_WORKER, SERVERS, Patch, fits
from bot.core.tracker_replay import ReplayingTracker
from bot.core.tracker_store import LoketTrackerStore
from bot.dialogue.registration import Executor
from bot.errors import ConfigurationError
from bot.worker import process
from tests.support.as_installed import as_installed

ROOT = Path(__file__).parents[3]
PATCHES = (*OF_THE_WORKER, SERVERS)
OPTIONAL = tuple(each for each in PATCHES if each.without)
NEEDED = tuple(each for each in PATCHES if not each.without)


@pytest.fixture(autouse=True)
def _looked_up_anew() -> Iterator[None]:
    fits.cache_clear()
    yield
    fits.cache_clear()


@pytest.fixture
def other_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every library has a version that nothing was made for."""
    monkeypatch.setattr(rasa_versions, "version", lambda _: "99.1.0")


def test_the_installed_versions_are_those_of_every_patch() -> None:
    """With the lock's versions nothing is refused or left out."""
    with capture_logs() as lines:
        rasa_versions.check()
        assert all(fits(each) for each in PATCHES)
    assert not lines


@pytest.mark.parametrize("patch", NEEDED, ids=lambda each: each.name)
@pytest.mark.usefixtures("other_version")
def test_what_loket_cannot_do_without_is_refused(patch: Patch) -> None:
    """With library, versions and the way out."""
    with pytest.raises(ConfigurationError, match=r"is version 99\.1\.0.*made for 3\.6\.x") as told:
        fits(patch)
    assert patch.name in str(told.value)
    assert "requirements.lock" in str(told.value)


@pytest.mark.parametrize("patch", OPTIONAL, ids=lambda each: each.name)
@pytest.mark.usefixtures("other_version")
def test_what_loket_can_do_without_is_left_out(patch: Patch) -> None:
    """One log line says what that costs; not one for every turn."""
    with capture_logs() as lines:
        assert not fits(patch)
        assert not fits(patch)
    (line,) = lines
    assert (line["event"], line["without"]) == ("rasa_patch_skipped", patch.without)


@pytest.mark.parametrize("library", ["rasa", "rasa-sdk", "sanic"])
def test_each_library_counts(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of several that has another version is enough."""
    real = rasa_versions.version
    monkeypatch.setattr(
        rasa_versions, "version", lambda name: "99.1.0" if name == library else real(name)
    )
    with pytest.raises(ConfigurationError, match=f"{library} is version"):
        fits(SERVERS)


@pytest.mark.usefixtures("other_version")
def test_a_worker_does_not_start() -> None:
    """Before it opens anything, and so before it hands every customer over."""
    mask = os.umask(0o077)
    try:
        with pytest.raises(ConfigurationError, match="is version"):
            process.serve(cast(Any, None))
    finally:
        os.umask(mask)


# ---------------------------------------------------------------- sessions


def agent() -> Any:
    """A processor in which no session ever expires."""
    assert callable(MessageProcessor._has_session_expired)
    return SimpleNamespace(processor=SimpleNamespace(_has_session_expired=lambda _: False))


def test_a_session_begins_when_it_is_asked_for() -> None:
    """And otherwise when Rasa says so."""
    changed, asks = agent(), []
    rasa_patches.let_sessions_begin(changed, lambda: bool(asks))
    assert not changed.processor._has_session_expired("tracker")
    asks.append(True)
    assert changed.processor._has_session_expired("tracker")


@pytest.mark.usefixtures("other_version")
def test_sessions_of_another_version_are_left_alone() -> None:
    """It is refused before anything is changed."""
    left = agent()
    with pytest.raises(ConfigurationError):
        rasa_patches.let_sessions_begin(left, lambda: True)
    assert not left.processor._has_session_expired("tracker")


# ---------------------------------------------------------------- loaded graph


class Tiny(GraphComponent):
    """A component that does nothing."""

    @classmethod
    def create(cls, **_: Any) -> Tiny:  # type: ignore[override]
        """One."""
        return cls()

    def run(self) -> None:
        """Does nothing."""


def runner() -> DaskGraphRunner:
    """A graph as Rasa loads it."""
    node = SchemaNode({}, Tiny, "create", "run", {}, eager=True)
    schema = GraphSchema({"tiny": node})
    return DaskGraphRunner.create(schema, cast(Any, None), ExecutionContext(schema, "m"))


def test_the_components_of_a_loaded_graph() -> None:
    """Schema, nodes and what is in them."""
    schema, nodes = rasa_patches.loaded_graph(runner())
    assert set(schema.nodes) == set(nodes) == {"tiny"}
    (component,) = rasa_patches.components(runner())
    assert isinstance(component, Tiny)


class Quicker(Tiny):
    """Takes a component's place."""

    def run(self) -> str:  # type: ignore[override]
        """Says so."""
        return "quicker"


def test_a_component_takes_another_s_place() -> None:
    """From then on it is the one that runs."""
    loaded = runner()
    rasa_patches.replace_components(loaded, lambda _: Quicker())
    assert loaded.run(targets=["tiny"]) == {"tiny": "quicker"}


@pytest.mark.usefixtures("other_version")
def test_components_of_another_version_stay() -> None:
    """Slower, and as Rasa loaded them."""
    loaded = runner()
    rasa_patches.replace_components(loaded, lambda _: Quicker())
    assert loaded.run(targets=["tiny"]) == {"tiny": None}


@pytest.mark.usefixtures("other_version")
def test_the_graph_of_another_version_is_not_read() -> None:
    """Nobody knows what is in it."""
    with pytest.raises(ConfigurationError):
        rasa_patches.loaded_graph(runner())


# ---------------------------------------------------------------- answers of actions


class Own:
    """An endpoint in this process."""


class Served:
    """An endpoint elsewhere."""


WRONG = {"events": "none", "responses": 1}


@pytest.fixture
def validating(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa's own validation, put back afterwards."""

    def refuse(_: RemoteAction, result: dict[str, Any]) -> bool:
        raise ValueError(result)

    monkeypatch.setattr(RemoteAction, "_validate_action_result", refuse)


@pytest.mark.usefixtures("validating")
def test_only_answers_of_this_process_are_trusted() -> None:
    """However often it is asked for."""
    rasa_patches.trust_own_answers(Own)
    changed = RemoteAction._validate_action_result
    rasa_patches.trust_own_answers(Own)
    assert RemoteAction._validate_action_result is changed
    assert RemoteAction("action_x", cast(Any, Own()))._validate_action_result(WRONG)
    with pytest.raises(ValueError, match="none"):
        RemoteAction("action_x", cast(Any, Served()))._validate_action_result(WRONG)


@pytest.mark.usefixtures("validating", "other_version")
def test_another_version_validates_all() -> None:
    """Slower, and as Rasa does it."""
    rasa_patches.trust_own_answers(Own)
    with pytest.raises(ValueError, match="none"):
        RemoteAction("action_x", cast(Any, Own()))._validate_action_result(WRONG)


# ---------------------------------------------------------------- events, states

EVENTS: tuple[Event, ...] = (
    SessionStarted(1.0),
    ActionExecuted("action_listen", timestamp=2.0),
    UserUttered("hoi", {"name": "greet", "confidence": 1.0}, timestamp=3.0),
    SlotSet("topic", ["a", 1], timestamp=4.0),
    ActiveLoop("a_form", timestamp=5.0),
    BotUttered("Hallo.", {"custom": {"kind": "text"}}, timestamp=6.0),
)


def read_by_rasa(event: Event) -> Any:
    """The event as Rasa itself reads it."""
    return Event.from_parameters(event.as_dict())


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.type_name)
def test_events_are_read_as_rasa_reads_them(event: Event) -> None:
    """Only quicker."""
    read = rasa_patches.read_event(event.as_dict())
    assert type(read) is type(event)
    assert read == read_by_rasa(event)


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.type_name)
@pytest.mark.usefixtures("other_version")
def test_another_version_reads_its_events_itself(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the patch is used."""
    resolve = getattr(Event.resolve_by_type, "__wrapped__", Event.resolve_by_type)
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(resolve))
    monkeypatch.setattr(rasa_patches, "_event_types", None)
    assert rasa_patches.read_event(event.as_dict()) == read_by_rasa(event)


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Rasa's own search for the class of an event, put back afterwards; the names it looks for."""
    searched: list[str] = []

    def search(name: str, default: Any = None) -> Any:
        searched.append(name)
        return default

    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(search))
    return searched


def test_new_events_are_resolved_by_name(resolving: list[str]) -> None:
    """Rasa searches only for those that it does not have itself; however often it is patched."""
    for _ in range(2):
        rasa_patches.resolve_events_by_name()
    assert Event.from_parameters({"event": "slot", "name": "a", "value": 1}) == SlotSet("a", 1)
    assert not resolving
    assert Event.resolve_by_type("unheard_of", SlotSet) is SlotSet
    assert resolving == ["unheard_of"]


@pytest.mark.usefixtures("other_version")
def test_another_version_resolves_events_itself(resolving: list[str]) -> None:
    """As Rasa does it."""
    rasa_patches.resolve_events_by_name()
    assert Event.resolve_by_type("user", SlotSet) is SlotSet
    assert resolving == ["user"]


def tracker() -> DialogueStateTracker:
    """A new one of Loket's store."""
    return LoketTrackerStore(Domain.empty(), cast(Any, None)).init_tracker("a")


def test_states_are_kept_for_a_turn() -> None:
    """By Loket's tracker (`tests/unit/core/test_tracker_replay.py`)."""
    assert type(tracker()) is ReplayingTracker


@pytest.mark.usefixtures("other_version")
def test_another_version_has_its_own_tracker() -> None:
    """What is worked out again is at least right."""
    assert type(tracker()) is DialogueStateTracker


# ---------------------------------------------------------------- Rasa's own servers


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sanic and rasa-sdk as they are installed, put back afterwards."""
    import rasa_sdk.endpoint
    import sanic.response
    from sanic import Sanic

    ran: list[dict[str, Any]] = []
    monkeypatch.setattr(rasa_sdk.endpoint, "ActionExecutor", object)
    monkeypatch.setattr(Sanic, "run", lambda _, **options: ran.append(options))
    had = vars(sanic.response).pop("stream", None)
    yield SimpleNamespace(Sanic=Sanic, response=sanic.response, sdk=rasa_sdk.endpoint, ran=ran)
    vars(sanic.response).pop("stream", None)
    if had is not None:
        sanic.response.stream = had  # type: ignore[attr-defined]


def test_rasa_s_servers_run_in_one_process_with_the_built_in_actions(servers: Any) -> None:
    """Through the hook that Rasa calls; a second call wraps nothing twice."""
    for _ in range(2):
        rasa_plus.configure_commandline(cast(Any, None))
    assert servers.sdk.ActionExecutor is Executor
    assert servers.response.stream is servers.response.ResponseStream
    servers.Sanic.run(cast(Any, None), port=1)
    assert servers.ran == [{"port": 1, "single_process": True, "motd": False}]
    with pytest.raises(RasaException, match="SANIC_WORKERS"):
        servers.Sanic.run(cast(Any, None), workers=2)


@pytest.mark.usefixtures("other_version")
def test_rasa_s_commands_refuse_another_version(servers: Any) -> None:
    """In the way that Rasa's command line shows, with nothing changed."""
    with pytest.raises(RasaException, match="is version"):
        rasa_plus.configure_commandline(cast(Any, None))
    assert servers.sdk.ActionExecutor is object
    assert not hasattr(servers.response, "stream")


# ---------------------------------------------------------------- nowhere else


def privates(tree: ast.AST) -> Iterator[str]:
    """Private names of something else than the object itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            whose = ast.unparse(node.value)
            if whose not in {"self", "cls", "super()"} and not node.attr.endswith("__"):
                yield f"{whose}.{node.attr}"


def test_no_other_module_reaches_into_rasa() -> None:
    """A private name of Rasa's is used in two modules, under a version."""
    found = {
        f"{path.name}: {name}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if path.name not in {"rasa_patches.py", "rasa_shortcuts.py"}
        and "from rasa." in (text := path.read_text(encoding="utf-8"))
        for name in privates(ast.parse(text))
    }
    assert not found


def test_a_domain_is_read_from_json_as_from_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a training wrote is loaded alike, with the JSON beside it and without."""
    monkeypatch.setattr(DomainProvider, "load", as_installed(domain_provider).DomainProvider.load)
    storage, resource = LocalModelStorage(tmp_path), Resource("domain_provider")
    context = ExecutionContext(GraphSchema({}))
    domain = Domain.load(str(ROOT / "domain.yml"))
    with storage.write_to(resource) as folder:
        domain.persist(folder / "domain.yml")
    rasa_patches.trust_own_domain()
    plain = DomainProvider.load({}, storage, resource, context).provide_inference()
    rasa_patches.keep_as_json(tmp_path)
    assert (folder / "domain.json").is_file()
    (folder / "domain.yml").write_text("not read", encoding="utf-8")
    quick = DomainProvider.load({}, storage, resource, context).provide_inference()
    assert quick.as_dict() == plain.as_dict()
    assert quick.fingerprint() == plain.fingerprint()


def test_an_empty_domain_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa's answer, for a domain with something in it and for one without."""
    monkeypatch.setattr(Domain, "is_empty", Domain.is_empty)
    domains = (Domain.empty(), Domain.from_dict({}), Domain.load(str(ROOT / "domain.yml")))
    theirs = [each.is_empty() for each in domains]
    rasa_shortcuts.know_empty_domains()
    assert [each.is_empty() for each in domains] == theirs == [True, True, False]
