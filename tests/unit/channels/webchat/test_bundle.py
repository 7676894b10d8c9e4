"""One script of the chat's modules: in order, apart, small."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.catalogue.text_placeholders import placeholders
from channels.webchat import bundle
from channels.webchat.widget_texts import english_texts, widget_texts

#: What each may weigh on its way to a browser, by gzip, in bytes.
MOST = {".js": 25 * 1024, ".css": 5 * 1024}

SOURCES = {
    "a.js": 'import { b, twice } from "./b.js";\n\nexport const a = twice(b);\n',
    "b.js": 'import { one } from "./c.js";\n\nconst own = 1;\nexport const b = one + own;\n'
    "export function twice(n) {\n  return 2 * n;\n}\n",
    "c.js": "const own = 20;\nexport const one = own;\n",
}


def test_modules_become_one_that_does_the_same() -> None:
    """What each calls its own stays apart; only what the main one exports is exported."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node: the browser tests run the real bundle")
    code = bundle.lean(bundle.bundle(SOURCES, "a.js"))
    code += "console.log(a);\n"
    done = subprocess.run(
        [node, "--input-type=module", "-"], input=code, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("42\n", "")


@pytest.mark.parametrize(
    "source", ["export default 1;\n", 'import * as b from "./b.js";\n', 'import "./b.js";\n']
)
def test_a_module_that_is_written_otherwise_is_refused(source: str) -> None:
    """Rather than a script that fails in a browser."""
    with pytest.raises(ValueError, match=r"a\.js"):
        bundle.bundle({"a.js": source}, "a.js")


def test_a_circle_is_refused() -> None:
    """One of its modules would be asked for what is not there yet."""
    circle = {
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(ValueError, match="imports itself"):
        bundle.bundle(circle, "a.js")


def test_what_is_left_out_is_no_code() -> None:
    """Comments and indentation; an address is no comment, and a long text is refused."""
    code = '/** Says it. */\nconst a = "https://x.nl"; // where\n  // why\n  const b = `1`;\n'
    assert bundle.lean(code) == 'const a = "https://x.nl";\nconst b = `1`;\n'
    with pytest.raises(ValueError, match="several lines"):
        bundle.lean("const a = `\n  indented`;\n")


def test_what_a_browser_gets_is_small() -> None:
    """One script and one style sheet, each packed; what a page names is next to nothing."""
    files = bundle.files()
    packed = {Path(name).suffix: each.packed for name, each in files.items() if each.packed}
    assert set(packed) == set(MOST)
    for kind, most in MOST.items():
        assert len(packed[kind]) <= most
    assert sum(len(each.body) for each in files.values() if not each.packed) < 1500


def test_a_name_changes_with_what_is_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The style sheet's reaches the script, whose own then changes as well, and the entry."""
    before = bundle.files()
    for path in bundle.STATIC.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(bundle, "STATIC", tmp_path)
    assert bundle.files() == before
    with (tmp_path / bundle.STYLE).open("a", encoding="utf-8") as style:
        style.write(".more { color: red; }\n")
    after = bundle.files()
    assert not {name for name in before if "-" in name.removeprefix("loket-chat")} & set(after)
    assert before[bundle.ENTRY] != after[bundle.ENTRY]
    assert before[bundle.CLASSIC] == after[bundle.CLASSIC]


def test_english_has_the_same_texts() -> None:
    """None missing, none too many, with the same to fill in."""
    english, dutch = english_texts(), widget_texts()
    assert set(english) == set(dutch)
    for key, text in dutch.items():
        assert placeholders(english[key]) == placeholders(text), key
