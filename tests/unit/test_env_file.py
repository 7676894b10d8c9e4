"""`.env`: what is wrong in it is told with the file and the line, whoever finds it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.env_file import EnvFile
from bot.errors import ConfigurationError
from bot.settings_loading import load_settings


def refused(folder: Path, content: str | bytes, **environment: str) -> str:
    data = content.encode() if isinstance(content, str) else content
    (folder / ".env").write_bytes(data)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environment, folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("LOKET_PORT=http\n", 1),
        ("# de poort\n\n\nLOKET_PORT=0\n", 4),
        ("A='een\ntwee'\nexport LOKET_PORT=x\n", 3),
        ("LOKET_PORT=9000\nLOKET_PORT=x\n", 2),
        ("LOKET_HOST=::1\r\nLOKET_SECRET=kort\r\n", 2),
        ("\nLOKET_PROT=9000\n", 2),
        ("\nloket_port=9000\n", 2),
        ("LOKET_HOST=::1\nLOKET_PORT\n", 2),
        ("\n\nLOKET PORT=9000\n", 3),
        ('LOKET_HOST="::1\nLOKET_PORT=9000\n', 1),
        (b"LOKET_HOST=::1\nLOKET_WORKER_NAME=caf\xe9\n", 2),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, content: str | bytes, line: int) -> None:
    """A value, a name, a line that is none, and a file in another encoding."""
    assert f"{tmp_path / '.env'} line {line}" in refused(tmp_path, content)


def test_a_line_is_not_quoted(tmp_path: Path) -> None:
    """It may hold a password; who reads the log need not read the file."""
    assert "geheim" not in refused(tmp_path, "LOKET_SECRET 'geheim\n")


def test_the_environment_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    """What was set elsewhere is looked for elsewhere."""
    (tmp_path / ".env").write_text("LOKET_PORT=9000\n")
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"LOKET_PORT": "x"}, tmp_path)
    assert ".env" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder in its place, say."""
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read"):
        load_settings({}, tmp_path)


def test_names_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    """The channels' tokens stand there too."""
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=1:x\nFOO\n")
    assert EnvFile.read(tmp_path / ".env").values == {"TELEGRAM_TOKEN": "1:x"}


@given(st.lists(st.sampled_from(["", "# x", "  ", "A=1", "export B='2'", 'C="d\n\ne"'])))
def test_lines_are_counted_as_an_editor_does(before: list[str]) -> None:
    """Whatever stands above, blank lines and values of several lines too."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ".env"
        above = "".join(f"{each}\n" for each in before)
        path.write_text(f"{above}LOKET_PORT=1\n")
        assert EnvFile.read(path).lines["LOKET_PORT"] == above.count("\n") + 1
