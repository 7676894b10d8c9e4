"""The changes that Loket makes to Rasa, and what it reads of Rasa's private parts.

Those that spare a turn work are in `bot.core.rasa_shortcuts`. Each stands under a `Patch` of
`bot.core.rasa_versions`, which says for which versions. Nowhere else a private name of Rasa's is
used (`tests/unit/core/test_rasa_patches.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import all_subclasses

from bot.core import rasa_versions
from bot.core.rasa_versions import fits

if TYPE_CHECKING:
    from rasa.core.actions.action import RemoteAction
    from rasa.core.agent import Agent
    from rasa.engine.graph import ExecutionContext, GraphComponent, GraphNode, GraphSchema
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.resource import Resource
    from rasa.engine.storage.storage import ModelStorage

#: The file of a domain in a model.
_DOMAIN = "domain.yml"


def let_sessions_begin(agent: Agent, asked: Callable[[], bool]) -> None:
    """Makes Rasa begin a session when it is asked for, not only after a silence.

    Rasa has no public way but a message "/session_start", which would stand in the conversation as
    if the customer had sent it.

    Args:
        agent: whose processor is changed.
        asked: whether the running turn begins a session.

    Raises:
        ConfigurationError: Rasa has another version.
    """
    fits(rasa_versions.SESSIONS)
    processor = agent.processor
    expired = processor._has_session_expired  # noqa: SLF001 - see the module
    processor._has_session_expired = lambda tracker: asked() or expired(tracker)  # noqa: SLF001


def loaded_graph(runner: DaskGraphRunner) -> tuple[GraphSchema, Mapping[str, GraphNode]]:
    """The graph of a model that Rasa loaded, and its nodes by name.

    Raises:
        ConfigurationError: Rasa has another version.
    """
    fits(rasa_versions.LOADED_GRAPH)
    return runner._graph_schema, runner._instantiated_nodes  # noqa: SLF001 - see the module


def components(runner: DaskGraphRunner) -> Iterable[GraphComponent]:
    """The components of a model that Rasa loaded.

    Raises:
        ConfigurationError: Rasa has another version.
    """
    _, nodes = loaded_graph(runner)
    return (node._component for node in nodes.values())  # noqa: SLF001 - see the module


def trust_own_domain() -> None:
    """Spares Rasa reading a model's domain four times, and validating it against a schema.

    The file in a model was written by Rasa, in training, after that validation; `keep_as_json` puts
    it beside as what is read in a moment. The rest takes a second of each start. A second call
    changes nothing.
    """
    from rasa.graph_components.providers.domain_provider import DomainProvider  # noqa: PLC0415
    from rasa.shared.core.domain import Domain  # noqa: PLC0415 - an action server needs neither

    if not fits(rasa_versions.OWN_DOMAIN):
        return

    def load(
        cls: type[DomainProvider],
        /,
        config: dict[str, Any],  # noqa: ARG001 - Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG001 - as above
        **_given: object,
    ) -> DomainProvider:
        with model_storage.read_from(resource) as folder:
            written = _read_domain(folder / _DOMAIN)
        return cls(model_storage, resource, Domain.from_dict(written))

    DomainProvider.load = classmethod(load)


def keep_as_json(folder: Path) -> None:
    """Puts the domain in JSON beside each that a training wrote below a folder.

    Reading its YAML takes half a second. Rasa itself reads that, and knows nothing of the other.
    """
    from rasa.shared.utils.io import read_yaml_file  # noqa: PLC0415 - as above

    for path in folder.glob(f"*/{_DOMAIN}"):
        written = read_yaml_file(path)
        text = json.dumps(written, ensure_ascii=False)
        if json.loads(text) == written:
            path.with_suffix(".json").write_text(text, encoding="utf-8")


def _read_domain(path: Path) -> dict[str, Any]:
    from rasa.shared.utils.io import read_yaml_file  # noqa: PLC0415 - as above

    kept = path.with_suffix(".json")
    if kept.is_file():
        return cast(dict[str, Any], json.loads(kept.read_text(encoding="utf-8")))
    return cast(dict[str, Any], read_yaml_file(path))


def replace_components(
    runner: DaskGraphRunner, by: Callable[[GraphComponent], GraphComponent]
) -> None:
    """Puts other components in the place of those that Rasa loaded.

    Args:
        runner: the loaded graph; left alone when Rasa has another version.
        by: says for each component what takes its place; itself for one that stays.
    """
    if not fits(rasa_versions.INDEXED_POLICIES):
        return
    for node in loaded_graph(runner)[1].values():
        other = by(node._component)  # noqa: SLF001 - see the module
        if other is not node._component:  # noqa: SLF001
            node._component = other  # noqa: SLF001
            node._fn = getattr(type(other), node._fn_name)  # noqa: SLF001


def trust_own_answers(own: type) -> None:
    """Spares Rasa the validation of answers that never left this process.

    Rasa checks the answer of an action server against a JSON schema, and that schema against its
    own, for every action anew: 30 ms, more than half of a turn. rasa-sdk's executor has checked the
    events already. Answers of a real action server are still validated.

    Args:
        own: class of the endpoint that is a function call. A second call changes nothing.
    """
    # Rasa's commands load this module too, and an action server needs none of what this imports.
    from rasa.core.actions.action import RemoteAction  # noqa: PLC0415 - see above

    if not fits(rasa_versions.OWN_ANSWERS):
        return
    validate = RemoteAction._validate_action_result  # noqa: SLF001 - see the module

    def validate_others(self: RemoteAction, result: dict[str, Any]) -> bool:
        if isinstance(self.action_endpoint, own):
            return True
        return bool(validate(self, result))

    if validate.__name__ != validate_others.__name__:
        RemoteAction._validate_action_result = validate_others  # noqa: SLF001


def resolve_events_by_name() -> None:
    """Has Rasa look an event's class up by its name, as `read_event` does, also for new events.

    A second call changes nothing.
    """
    if not fits(rasa_versions.READING_EVENTS):
        return
    resolve, types = Event.resolve_by_type, _event_types

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        known: type[Event] | None = types().get(type_name)
        return known or cast("type[Event] | None", resolve(type_name, default))

    if not hasattr(resolve, "__wrapped__"):
        resolve_by_type.__wrapped__ = resolve  # type: ignore[attr-defined]
        Event.resolve_by_type = staticmethod(resolve_by_type)


def read_event(data: dict[str, Any]) -> Event | None:
    """Reads an event from its JSON form; None when it cannot be read.

    `Event.from_parameters` walks the whole tree of classes for every single event, which took two
    thirds of the time that reading a tracker takes.

    Raises:
        KeyError: Rasa has no such event.
    """
    if not fits(rasa_versions.READING_EVENTS):
        return cast(Event | None, Event.from_parameters(data))
    read = _event_types()[data["event"]]._from_parameters(data)  # noqa: SLF001 - see the module
    return cast(Event | None, read)


@cache
def _event_types() -> dict[str, Any]:
    """Rasa's event classes by name."""
    return {cls.type_name: cls for cls in all_subclasses(Event)}


def prepare_servers() -> None:
    """Gives Rasa's own servers a Sanic that is maintained, and Loket's built-in actions.

    A second call changes nothing.

    Raises:
        ConfigurationError: a library has another version.
    """
    import rasa_sdk.endpoint  # noqa: PLC0415 - not every process that imports Rasa needs Sanic
    import sanic.response  # noqa: PLC0415 - the same
    from sanic import Sanic  # noqa: PLC0415 - the same
    from sanic.response import ResponseStream  # noqa: PLC0415 - the same

    from bot.dialogue.registration import Executor  # noqa: PLC0415 - the same

    fits(rasa_versions.SERVERS)
    if hasattr(sanic.response, "stream"):
        return
    # `rasa run actions` registers only the assistant's package; the built-in actions go beside it.
    rasa_sdk.endpoint.ActionExecutor = Executor
    # Taken out of Sanic 22.6. Rasa's REST channel answers `?stream=true` with it, and `rasa shell`
    # asks for that. What it returned is there still.
    sanic.response.stream = ResponseStream  # type: ignore[attr-defined]
    Sanic.run = _in_one_process(Sanic.run)  # type: ignore[method-assign]


def _in_one_process(run: Callable[..., None]) -> Callable[..., None]:
    """Serves from this process, as `Sanic.run` did before Sanic 22.9.

    Since then it starts other processes, which must import the app; Rasa makes its app in a
    function.
    """

    def patched(self: object, *args: object, workers: int = 1, **options: object) -> None:
        if workers > 1:
            raise RasaException(
                "SANIC_WORKERS above 1 does not work here. Start the command as often as you need, "
                "each on a port of its own, behind a proxy."
            )
        run(self, *args, **{"single_process": True, "motd": False, **options})

    return patched
