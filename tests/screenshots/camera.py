"""Takes pictures of a page: on three widths, in the light and in the dark, and small."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

#: A desk's screen, a phone and the narrowest that WCAG 2.1 asks for (1.4.10), in CSS pixels.
SIZES: Final = ((1280, 720), (390, 844), (320, 640))
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
#: Bytes of one picture, at most.
MOST: Final = 60_000
#: Colours of a picture: a file takes a third.
_COLOURS: Final = 56
#: Levels (of 255) by which a dark page differs from a light one, on average, at least: a chat is a
#: fifth of a wide page.
_SCHEME_APART: Final = 3


def take(page: Page, folder: Path, scene: str, *, reloads: bool) -> Iterator[Path]:
    """Takes the pictures of a scene: `<scene>-<width>-<scheme>.png`.

    One that looks the same in the dark is there in the light alone.

    Args:
        page: a page that is ready.
        folder: where they go.
        scene: what it shows.
        reloads: whether the page is loaded anew on each width.
    """
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if reloads:
            page.goto(page.url)  # where a page begins depends on its width
        light: Image.Image | None = None
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
            taken = page.screenshot(caret="hide", animations="disabled")
            whole = Image.open(io.BytesIO(taken)).convert("RGB")
            if light is not None and _alike(light, whole):
                continue
            light = light or whole
            path = folder / f"{scene}-{width}-{scheme}.png"
            path.write_bytes(_small(whole))
            yield path
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    page.emulate_media(color_scheme="light")


def _alike(light: Image.Image, dark: Image.Image) -> bool:
    """Whether a page has one scheme of colours alone."""
    means = ImageStat.Stat(ImageChops.difference(light, dark)).mean
    return max(means) < _SCHEME_APART


def _small(whole: Image.Image) -> bytes:
    """A PNG with the colours that are seen most: what is even stays so, edges of letters do."""
    counted = sorted(whole.getcolors(whole.width * whole.height) or (), reverse=True)
    most = [channel for _, colour in counted[:_COLOURS] for channel in colour]  # type: ignore[union-attr]
    palette = Image.new("P", (1, 1))
    palette.putpalette(most + most[:3] * (256 - len(most) // 3))
    few = whole.quantize(palette=palette, dither=Image.Dither.NONE)
    kept = io.BytesIO()
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()
