"""Consent at scale: `make audit-consent`, or `python -m tests.consent --help`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time

import structlog


def main() -> int:
    """Plays and reports; the exit code: 0 good, 1 a row changed that may not."""
    parser = argparse.ArgumentParser(prog="make audit-consent", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="conversations")
    parser.add_argument("--minutes", type=float, default=1e9, help="at most")
    parser.add_argument("--seed", default="1", help="other conversations with another one")
    parser.add_argument("--only", help="one conversation, by the seed that a report names")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="loket-consent-") as folder:
        os.environ["LOKET_VAR_DIR"] = folder
        from tests.consent.audit import Audit

        audit, began = Audit(), time.monotonic()
        seeds = [given.only] if given.only else (f"{given.seed}-{n}" for n in range(given.count))

        async def play() -> None:
            for seed in seeds:
                await audit.play(seed)
                if time.monotonic() - began > given.minutes * 60:
                    return

        with audit.office.open():
            asyncio.run(play())
    print("\n".join(audit.findings.lines()))
    print(f"{time.monotonic() - began:,.0f} seconds")
    return 1 if audit.findings.violations else 0


if __name__ == "__main__":
    sys.exit(main())
