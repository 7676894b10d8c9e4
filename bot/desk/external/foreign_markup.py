"""Turns markup that another system wrote into plain text. Pure.

Loket's messages are plain text: what a channel would make bold or a link differs by channel, and
most show Markdown and HTML as they stand. So what a person wrote in the editor of an external desk
loses its markup, never its words: lists keep their numbers and dashes, quotes their `>`, links
their address.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

#: Tags that begin or end a line.
_LINES: Final = frozenset(
    "blockquote,br,center,div,h1,h2,h3,h4,h5,h6,hr,ol,p,pre,table,tr,ul".split(",")
)
#: What an editor writes around words. Another name between `<` and `>` is itself a word.
_TAGS: Final = _LINES | frozenset(
    "b,code,del,em,font,i,ins,li,mark,s,small,span,strike,strong,sub,sup,tbody,td,th,thead,u".split(
        ","
    )
)
#: Rules that would take words away, or read plain text as something else: `[let op]: morgen` is a
#: link's definition, three backquotes hide the word after them, an indent makes code.
_OFF: Final = ("reference", "html_block", "fence", "code", "lheading")
_SCHEMES: Final = ("http", "https")
_ADDRESS: Final = re.compile(r"://[^\s<>\[\]|]+")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKS: Final = "*_~`.,;:!?'\"\\"


def plain(text: str) -> str:
    """The words of a text with Markdown or HTML in it, as plain text.

    Args:
        text: as an editor wrote it (CommonMark with `~~`, or HTML around words), or typed plainly.
            https://spec.commonmark.org/0.31.2/

    Returns:
        Without markup and without spaces around it; empty only when nothing visible was given.
    """
    root = SyntaxTreeNode(_parser().parse(text.replace("\x00", "")))
    words = re.sub(r"\n{3,}", "\n\n", _block(root)).strip()
    return words or text.strip()


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("strikethrough").disable(_OFF)
    parser.inline.ruler.before("newline", "bare_address", _bare_address)
    return parser


def _bare_address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Keeps an address that stands by itself: `__` and `*` in it are no markup."""
    found = _ADDRESS.match(state.src, state.pos, state.posMax)
    if found is None or not state.src[: state.pos].lower().endswith(_SCHEMES):
        return False
    address = found[0]
    while address[-1] in _MARKS or (address[-1] == ")" and address.count(")") > address.count("(")):
        address = address[:-1]
        if len(address) <= len("://"):
            return False
    if not silent:
        state.pending += _ESCAPED.sub(r"\1", address)
    state.pos += len(address)
    return True


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "inline":
            return _inline(node)
        case "hr":
            return "---"
        case "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in _blocks(node).split("\n"))
        case "bullet_list" | "ordered_list":
            return "\n".join(_item(item) for item in node.children)
        case "paragraph" | "heading":
            return "".join(_block(child) for child in node.children)
    return _blocks(node)


def _blocks(node: SyntaxTreeNode) -> str:
    return "\n\n".join(_block(child) for child in node.children)


def _item(node: SyntaxTreeNode) -> str:
    sign = f"{node.info}{node.markup} "  # as it was written: "3.", "-"
    lines = "\n".join(_block(child) for child in node.children).split("\n")
    return sign + f"\n{' ' * len(sign)}".join(lines)


def _inline(node: SyntaxTreeNode) -> str:
    parts: list[str] = []
    links: list[tuple[int, str]] = []  # of HTML: where the label begins, and the address
    for child in node.children:
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "html_inline":
                tag = _Tag(child.content)
                if tag.opens_link is not None:
                    links.append((len(parts), tag.opens_link))
                elif tag.closes_link and links:
                    start, address = links.pop()
                    parts[start:] = [linked("".join(parts[start:]), address)]
                else:
                    parts.append(tag.text)
            case "link":
                parts.append(linked(_inline(child), str(child.attrs.get("href", ""))))
            case "image":
                parts.append(linked(_inline(child), str(child.attrs.get("src", ""))))
            case _:
                parts.append(_inline(child))
    for start, address in reversed(links):  # never closed
        parts[start:] = [linked("".join(parts[start:]), address)]
    return "".join(parts)


def linked(label: str, address: str) -> str:
    """A link in plain text: its words, and its address where they do not say it."""
    shown = re.sub(r"^(?:mailto|tel):", "", address)
    bare = re.sub(r"^https?://|/$", "", shown)
    if not label.strip() or label == shown:
        return shown
    if not shown or re.sub(r"^https?://|/$", "", label) == bare:
        return label
    return f"{label} ({shown})"


class _Tag(HTMLParser):
    """The plain text that stands for one tag of HTML.

    Attributes:
        text: what is shown in its place: itself, when it is no tag that an editor writes.
        opens_link: the address of a link that begins here, or None.
        closes_link: whether a link ends here.
    """

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.text = tag
        self.opens_link: str | None = None
        self.closes_link = False
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Reads an opening tag."""
        if tag == "a" and (address := dict(attrs).get("href")) is not None:
            self.opens_link = address
        elif tag == "img":
            self.text = dict(attrs).get("src") or ""
        elif tag in _TAGS:
            self.text = "\n- " if tag == "li" else "\n" if tag in _LINES else ""

    def handle_endtag(self, tag: str) -> None:
        """Reads a closing tag."""
        self.closes_link = tag == "a"
        if tag in _TAGS:
            self.text = "\n" if tag in _LINES else ""

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the parser's signature
        """Reads a comment, which nobody was to see."""
        self.text = ""
