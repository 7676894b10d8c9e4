"""The web chat: events to the browser by SSE, messages from it by POST, in one custom element.

`WebChat.render` is what the browser gets for each of Loket's messages; the rest of this package
carries it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from bot.attachments.storage import Storage
from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.conversation.option_matching import counted
from bot.messages import Media, Option, Outbound, Quote, encode, options_of
from channels.capabilities import Capabilities
from channels.protocol import Check, FileSource
from channels.send_results import Part

_SHARED: Final = (
    "They can say which customer is logged in there (LOKET_WEBCHAT_SITE_SECRET is set)."
)
_STRANGERS: Final = (
    "Every visitor is a stranger; a website says which customer is logged in there by "
    "LOKET_WEBCHAT_SITE_SECRET (docs/web-chat.md)."
)
#: Words of the passage on each side that a text fragment names; enough to be unique on a page.
_FRAGMENT_WORDS = 6


class WebChat:
    """The web chat as a `channels.protocol.Channel`."""

    profile = ChannelProfile(
        name="webchat",
        label="Webchat",
        in_sentence="de website",
        customer="Bezoeker van de website",
        address="visitor",
        fetched=True,
        script="/webchat/loket-chat.js",
        typing=True,
    )
    name = profile.name
    routes = "channels.webchat.routes:blueprint"
    capabilities = Capabilities(buttons=20, rows=0, title=200, text=10_000)

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:  # noqa: ARG002 - options bring their payload
        """One JSON object for one message: `bot.messages.encode` with safe links.

        A rating request also gets its `options`. An address that is neither http(s) nor a path on
        the same site becomes None. A quote's address points at the passage with a text fragment,
        so that the browser scrolls to it and highlights it; its passage comes as `parts`, each
        `text` with `marked`, because JavaScript counts characters otherwise than Python. Its `text`
        is empty where it would repeat the passage.
        """
        data: dict[str, Any] = encode(message)
        options = options_of(message)
        if options:
            data["options"] = [{"title": o.title, "payload": o.payload} for o in options]
        if isinstance(message, Quote):
            address = safe_address(message.url)
            data["url"] = address and with_text_fragment(address, message.passage)
            data["parts"] = [{"text": text, "marked": marked} for text, marked in parts(message)]
            data["text"] = "" if message.repeats else message.text
            del data["marks"]
        elif isinstance(message, Media):
            data["url"] = safe_address(message.url)
            del data["file"]
        return (data,)

    def websites(self, origins: Sequence[str], *, shared: bool) -> Check:
        """The line of `loket doctor` that says whose pages may show the chat, and who comes.

        A website that is refused reads the setting's name in its browser's console, and Loket's
        log has the origin (`origin_refused`).
        """
        return Check(
            "websites",
            ok=True,
            sentence=f"Pages of {', '.join(origins)} may show the chat. Another website is refused "
            f"until its origin is in LOKET_ALLOWED_ORIGINS. {_SHARED if shared else _STRANGERS}",
        )

    def files(self, storage: Storage) -> FileSource:
        """Where customers' files are fetched: this channel's own routes put them there."""
        from channels.webchat.uploads import UploadedFiles  # noqa: PLC0415 - as a sender

        return UploadedFiles(storage)

    def preview(self, part: Part) -> str:
        """Draws the words, a quote with its source, and the options with their numbers."""
        lines = [str(part.get("text", ""))]
        if passage := part.get("passage"):
            source = f"{part.get('title', '')} ({part.get('url', '')})"
            checked = part.get("date")
            lines.append(f"“{passage}”")
            lines.append(
                say("channel.source_checked", source=source, day=checked)
                if checked
                else say("channel.source", source=source)
            )
            lines += [str(part["note"])] if part.get("note") else []
        options = [Option(**each) for each in part.get("options") or ()]
        numbered = counted(options)
        lines += [
            f"  [{number if numbered else '-'}] {option.title}"
            for number, option in enumerate(options, start=1)
        ]
        return "\n".join(lines)


def parts(quote: Quote) -> Iterator[tuple[str, bool]]:
    """The passage cut at its marks: words, and whether they are the answer."""
    end = 0
    for start, stop in quote.marks:
        if start > end:
            yield quote.passage[end:start], False
        yield quote.passage[start:stop], True
        end = stop
    if end < len(quote.passage):
        yield quote.passage[end:], False


def safe_address(url: str) -> str | None:
    """The address if it is http(s) or a path on the same site, otherwise None."""
    if any(character <= " " or character == "\\" for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and parts.netloc:
        return url
    if not parts.scheme and not parts.netloc and url.startswith("/") and url[:2] != "//":
        return url
    return None


def with_text_fragment(url: str, passage: str) -> str:
    """The address with a text fragment (https://wicg.github.io/scroll-to-text-fragment/).

    A long passage is named by its first and last words. An anchor in the address stays, and so
    does a text fragment, which knows the page better.
    """
    words = passage.split()
    if not words or ":~:" in url:
        return url
    if len(words) <= 2 * _FRAGMENT_WORDS:
        directive = _fragment(words)
    else:
        directive = f"{_fragment(words[:_FRAGMENT_WORDS])},{_fragment(words[-_FRAGMENT_WORDS:])}"
    joint = "" if "#" in url else "#"
    return f"{url}{joint}:~:text={directive}"


def _fragment(words: Sequence[str]) -> str:
    # `quote` keeps "-", which separates prefix and suffix in a text directive.
    return quote(" ".join(words), safe="").replace("-", "%2D")
