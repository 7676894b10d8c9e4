"""What Rasa's own servers need: a Sanic that is maintained, and Loket's built-in actions.

Rasa imports a module of this name at the start of its command line, if there is one, and lets it
extend the commands. So this works for `rasa shell`, `rasa run` and `rasa run actions`, and for
nothing else: Loket's processes never start a server of Rasa's. The patches are made for known
versions and refuse others, so that a new one is looked at rather than hoped for. Why not otherwise:
docs/decisions/0056-rasas-own-servers.md.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pluggy

#: Of each library, how the version begins that these patches were tried with.
_TRIED: Final = {"rasa": "3.6.", "rasa-sdk": "3.6.", "sanic": "24.12."}

_implementation: Callable[[Callable[..., None]], Callable[..., None]] = pluggy.HookimplMarker(
    "rasa"
)


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Registers this module; Rasa calls it at its start."""
    manager.register(sys.modules[__name__])


@_implementation
def configure_commandline(cmdline_arguments: Namespace) -> None:  # noqa: ARG001 - Rasa's signature
    """Runs before the command that was typed.

    Raises:
        RasaException: a library has a version that the patches were not made for, or the
            assistant's own texts are wrong.
    """
    from rasa.shared.exceptions import RasaException  # noqa: PLC0415 - Rasa is imported by now

    from bot.errors import ConfigurationError  # noqa: PLC0415 - what is imported here stays little
    from bot.ops import texts  # noqa: PLC0415 - the same

    for name, tried in _TRIED.items():
        if not (found := version(name)).startswith(tried):
            raise RasaException(
                f"{name} is version {found}; rasa_plus.py was made for {tried}x. See whether "
                "Rasa's servers still need it, and change it or remove it."
            )
    try:
        texts.use(Path.cwd())
    except ConfigurationError as error:
        raise RasaException(str(error)) from error
    patch()


def patch() -> None:
    """Gives Rasa's servers what they need; see the module. A second call changes nothing."""
    import rasa_sdk.endpoint  # noqa: PLC0415 - not every process that imports Rasa needs Sanic
    import sanic.response  # noqa: PLC0415 - the same
    from sanic import Sanic  # noqa: PLC0415 - the same
    from sanic.response import ResponseStream  # noqa: PLC0415 - the same

    from bot.dialogue.registration import Executor  # noqa: PLC0415 - the same

    if hasattr(sanic.response, "stream"):
        return
    # `rasa run actions` registers only the assistant's package; the built-in actions go beside it.
    rasa_sdk.endpoint.ActionExecutor = Executor
    # Taken out of Sanic 22.6. Rasa's REST channel answers `?stream=true` with it, and `rasa shell`
    # asks for that. What it returned is there still.
    sanic.response.stream = ResponseStream  # type: ignore[attr-defined]
    Sanic.run = _in_one_process(Sanic.run)  # type: ignore[method-assign]


def _in_one_process(run: Callable[..., None]) -> Callable[..., None]:
    """`Sanic.run` that serves from this process, as it did before Sanic 22.9.

    Since then it starts other processes, which must import the app; Rasa makes its app in a
    function.
    """

    def patched(self: object, *args: object, workers: int = 1, **options: object) -> None:
        if workers > 1:
            from rasa.shared.exceptions import RasaException  # noqa: PLC0415 - as above

            raise RasaException(
                "SANIC_WORKERS above 1 does not work here. Start the command as often as you need, "
                "each on a port of its own, behind a proxy."
            )
        run(self, *args, **{"single_process": True, "motd": False, **options})

    return patched
