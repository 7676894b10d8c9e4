"""The `loket` command with a light assistant in the place of the model.

`python -m tests.chaos.role web` is `loket web`, and so on.

`run` starts its roles as this program too, so that they are light as well. Nothing else differs.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Final

from tests.chaos import light

#: Set to `real` where the trained model is to answer.
ASSISTANT: Final = "CHAOS_ASSISTANT"


def replace(module: str, name: str, value: object) -> None:
    """Puts something in the place of a name of a module, which must be there.

    Raises:
        AttributeError: it is not there (any more): this program must follow.
    """
    found = importlib.import_module(module)
    getattr(found, name)
    setattr(found, name, value)


def main() -> None:
    """Runs the command."""
    if os.environ.get(ASSISTANT) != "real":
        if sys.argv[1] == "run":
            replace("bot.cli.run", "_LOKET", (sys.executable, "-m", "tests.chaos.role"))
            replace("bot.cli.run", "current_model", lambda _settings: Path())
        elif sys.argv[1] == "worker":
            replace("bot.worker.process", "load_assistant", light.load)
    from bot.cli.commands import main as loket

    loket(prog_name="loket")


if __name__ == "__main__":
    main()
