"""The pictures of the documentation, of the running product: `make screenshots`.

A web process, a customer's browser and an agent's, and somebody backstage in the assistant's place.
Customers and what they write are invented. Look at each picture before you keep it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import ARGUMENTS, program
from tests.screenshots import camera, scenes
from tests.support.webchat import ROOT, running


def main() -> int:
    """Makes them all; the exit code: 0 done, 1 one is too large or there is no browser."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs/pictures", help="folder")
    given = parser.parse_args()
    found = program()
    if found is None:
        print("There is no chromium: install Debian's package.")
        return 1
    given.to.mkdir(parents=True, exist_ok=True)
    for old in given.to.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory(prefix="loket-screenshots-") as folder,
        running(Path(folder), **scenes.SETTINGS) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        for scene, page in scenes.play(browser, server):
            for path in camera.take(page, given.to, scene, reloads="desk" in scene):
                print(f"{path.stat().st_size / 1000:6.1f} kB  {path.name}")
        browser.close()
    large = [each.name for each in given.to.glob("*.png") if each.stat().st_size > camera.MOST]
    print(f"Too large: {', '.join(large)}" if large else "All are small.")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main())
