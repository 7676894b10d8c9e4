"""What `/` shows: the assistant's demo page, or a plain page with the chat of this organisation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import organisation
from bot.catalogue import say
from bot.http import static_files
from bot.http.static_files import Asset
from bot.knowledge import pages
from bot.settings import Settings

#: Folder of the demo page in a project; `index.html` in it makes it one.
DEMO: Final = Path("data") / "demo"
_OWN: Final = Path(__file__).parent
_FIRST: Final = "index.html"
_ICON: Final = "icon.svg"
_STYLE: Final = "front_page.css"


def files(settings: Settings, chat: str) -> dict[str, Asset]:
    """What the front page is made of.

    The style sheet and an icon are there whatever the front page is: the page of an error, the desk
    and the pages of `data/knowledge` use them. An icon of the demo page takes the place of Loket's.

    Args:
        settings: all of them.
        chat: address of the script of the chat on the plain page; empty: it has none.

    Returns:
        Files by their path on this host, `/` for the page itself.

    Raises:
        ConfigurationError: `data/organisation.yml` or a page of `data/knowledge` is wrong.
    """
    own = static_files.load(_OWN)
    found = {f"/{_ICON}": own[_ICON], f"/static/{_STYLE}": own[_STYLE]}
    demo = _demo(settings)
    if not demo:
        return {**found, "/": static_files.made("index.html", _plain_page(settings, chat))}
    first = demo.pop(_FIRST)
    return {**found, **{f"/{name}": file for name, file in demo.items()}, "/": first}


def _demo(settings: Settings) -> dict[str, Asset]:
    """The files of the demo page by name; none when there is no such page or it is switched off."""
    folder = settings.root / DEMO
    return static_files.load(folder) if settings.demo and (folder / _FIRST).is_file() else {}


def _plain_page(settings: Settings, chat: str) -> str:
    owner = organisation.load(settings.root)
    template = _templates().get_template("front_page.html")
    known = bool(pages.load(settings.root))
    return template.render(organisation=owner, knowledge=known, chat=chat)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_OWN), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals["say"] = say
    return environment
