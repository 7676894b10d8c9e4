"""The door by which Loket reaches Rasa's own commands; the work is in `bot.core.rasa_patches`.

Rasa imports a module of this name, from the top of the path, at the start of its command line, if
there is one: it is made for Rasa's paid edition, and is the only way into its commands. So the file
stands here. It works for `rasa shell`, `rasa run` and `rasa run actions`, and for nothing else:
Loket's processes never start a server of Rasa's. Why not otherwise:
docs/decisions/0056-rasas-own-servers.md.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pluggy

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

    from bot.core.rasa_patches import prepare_servers  # noqa: PLC0415 - the same
    from bot.errors import ConfigurationError  # noqa: PLC0415 - the same
    from bot.ops import text_loading  # noqa: PLC0415 - the same

    try:
        text_loading.use(Path.cwd())
        prepare_servers()
    except ConfigurationError as error:
        raise RasaException(str(error)) from error
