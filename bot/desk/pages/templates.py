"""Renders the desk's Jinja templates, which escape every value and refuse unknown names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.catalogue import say
from bot.desk.pages import tappable

FOLDER: Final = Path(__file__).parents[1] / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The Jinja environment of this process; add filters and globals where the process starts.

    Every value is escaped, in each kind of file. A name that a template uses and a page forgot is
    an error, not an empty place.
    """
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["say"] = say
    # The routes say which country it is.
    made.globals["country"] = "NL"
    made.filters["tappable"] = tappable.pieces
    return made


def render(name: str, **values: Any) -> str:
    """Renders a template to text.

    Args:
        name: file in `bot/desk/pages/templates`.
        **values: what it uses; text is escaped.
    """
    return environment().get_template(name).render(**values)
