"""The assistant that a suite for any assistant runs on: the one in `LOKET_ROOT`, else the shop."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bot import catalogue
from bot.catalogue import Catalogue
from bot.ops import text_loading

ROOT = Path(os.environ.get("LOKET_ROOT") or Path(__file__).parents[2]).resolve()


@cache
def texts() -> Catalogue:
    """What Loket says itself, in the words of this assistant."""
    return text_loading.load(ROOT)


@contextmanager
def in_its_own_words() -> Iterator[None]:
    """Loket speaks as this assistant has it speak, within the block."""
    catalogue.use(texts())
    try:
        yield
    finally:
        catalogue.use(catalogue.framework())
