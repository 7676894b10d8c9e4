"""No module outside `channels/` names a channel: its facts are declared on the channel itself.

What names one is a name for customers or for the code (`ChannelProfile`), the folder it lives in,
or its provider. Comments count: whoever reads "as on WhatsApp" has found a fact in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from channels import registry

ROOT: Final = Path(__file__).parents[3]
#: What is code, or is handed to a browser as it stands.
#: What `loket new` copies is an assistant's: it configures channels and speaks of them.
ASSISTANTS: Final = ROOT / "bot" / "scaffold" / "template"
#: Words that customers write about their messages, which name no channel of ours.
WRITTEN: Final = ROOT / "bot" / "safety"
SUFFIXES: Final = frozenset({".py", ".html", ".js", ".css", ".svg", ".mako", ".ini", ".yml"})
#: Providers and the libraries that speak with them.
PROVIDERS: Final = ("twilio", "kannel", "heyoo", "wamid", "graph.facebook", "developers.facebook")
#: What may stay: file, the words on the line, and why.
ALLOWED: Final = (
    (
        "bot/logs/personal_data.py",
        "wamid",
        "ids of customers at providers are masked in every log, also before channels are read",
    ),
    *(
        (where, "webchat_site_secret", "a setting is named after what it is for")
        for where in ("bot/settings.py", "bot/settings_loading.py")
    ),
    (
        "bot/store/sql/migrations/versions/0011_one_number.py",
        'channel = "sms"',
        "a migration knows what the version before it wrote, and asks no later version",
    ),
)


def names() -> Iterator[str]:
    """Every way to name a channel that ships with Loket."""
    for profile in registry.profiles(ROOT):
        named = (profile.name, profile.label, profile.in_sentence, profile.button, profile.customer)
        yield from filter(None, named)
    yield from (
        each.name for each in (ROOT / "channels").iterdir() if (each / "__init__.py").exists()
    )
    yield from ("web chat", "web-chat", "whats app")


#: As a word of its own or part of an identifier (`sms_code`, `WebChat`), in any case.
NAMED: Final = re.compile(
    rf"(?<![a-z])(?:{'|'.join(sorted({re.escape(name.lower()) for name in names()}))})(?![a-z])"
    rf"|{'|'.join(map(re.escape, PROVIDERS))}"
)


def named(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that name a channel, by number."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        # Capitals within a word begin another word: `SmsCode` names one, `smsjes` does not.
        apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", line)
        if NAMED.search(line.lower()) or NAMED.search(apart.lower()):
            yield number, line


def files() -> list[Path]:
    """The modules of the framework and of the assistant, without the channels themselves."""
    return [
        path
        for folder in ("bot", "actions")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES
        and not path.is_relative_to(ASSISTANTS)
        and not path.is_relative_to(WRITTEN)
    ]


def test_no_module_outside_channels_names_one() -> None:
    """Ask a profile or a capability instead; see CONTRIBUTING, "Recipe: a channel"."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        for number, line in named(path)
        if not any(path == ROOT / where and words in line.lower() for where, words, _ in ALLOWED)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("where", "words", "why"), ALLOWED)
def test_each_exception_is_needed(where: str, words: str, why: str) -> None:
    """One that is not there any more would let the next one through."""
    assert any(words in line.lower() for _, line in named(ROOT / where)), why


@pytest.mark.parametrize(
    "line",
    [
        'if channel == "sms":',
        "SMS_LIMIT = 160",
        "channel: WhatsApp",
        'label = "Webchat"',
        "Verder via Telegram",
        "# As the web chat does.",
        "class SmsCode:",
        "from twilio.rest import Client",
    ],
)
def test_the_search_finds_names(tmp_path: Path, line: str) -> None:
    """In code, texts and comments; in any case, and within an identifier."""
    (tmp_path / "module.py").write_text(line, encoding="utf-8")
    assert list(named(tmp_path / "module.py")) == [(1, line)]


@pytest.mark.parametrize("line", ["websites", "the organisation's website", "telegraph", "smsje"])
def test_the_search_lets_other_words_be(tmp_path: Path, line: str) -> None:
    """A word that merely begins alike is no name."""
    (tmp_path / "module.py").write_text(line, encoding="utf-8")
    assert not list(named(tmp_path / "module.py"))
