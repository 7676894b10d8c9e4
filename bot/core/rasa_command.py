"""Rasa's command line on an assistant's folder, without TensorFlow where its content does without.

`python -m bot.core.rasa_command data validate` is `rasa data validate` and starts seconds sooner.
"""

from __future__ import annotations

from pathlib import Path

from bot.core import stand_ins, used_components


def main() -> None:
    """Runs the command that was typed."""
    stand_ins.keep_tensorflow_out(used_components.of_content(Path.cwd()))
    from rasa.__main__ import main as rasa  # noqa: PLC0415 - TensorFlow is kept out before it

    rasa()


if __name__ == "__main__":
    main()
