"""data/organisation.yml: read, and refused with a clear sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.organisation import load

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "data" / "organisation.yml").read_text(encoding="utf-8")


def project(folder: Path, text: str) -> Path:
    """A project with this file."""
    (folder / "data").mkdir()
    (folder / "data" / "organisation.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_file_is_good() -> None:
    """Name, hours and the country's holidays of two years."""
    organisation = load(ROOT)
    assert organisation.name == "Pakket & Plug"
    hours = organisation.hours(2026)
    assert hours.on(date(2026, 11, 29)) is None
    assert hours.holidays[date(2026, 12, 25)] == "Eerste Kerstdag"
    assert date(2027, 1, 1) in hours.holidays
    assert organisation.local(datetime(2026, 7, 1, 12, tzinfo=UTC)).hour == 14


def test_days_closed_by_hand_count(tmp_path: Path) -> None:
    """They come on top of the public holidays."""
    text = GOOD.replace("  closed:\n", "  closed:\n    2026-12-24: Personeelsdag\n")
    hours = load(project(tmp_path, text)).hours(2026)
    assert hours.holidays[date(2026, 12, 24)] == "Personeelsdag"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("monday", "mandag", "is not a weekday"),
        ('["9:00", "18:00"]', "9:00-18:00", "two quoted times"),
        ('"9:00"', '"9 uur"', "is not a time"),
        ('["9:00", "18:00"]', '["18:00", "9:00"]', "end before they begin"),
        ("country: NL", "country: XX", "XX"),
        ("Europe/Amsterdam", "Europe/Nergens", "Nergens"),
        ("contact:", "kontakt:", "contact"),
        ("organisation:", "organisation: [", "not valid YAML"),
        ("    default: true\n", "", "exactly one team needs `default: true`"),
        (
            "    name: Bezorging\n",
            "    name: Bezorging\n    default: true\n",
            "algemeen and bezorging",
        ),
        ("id: bezorging", "id: algemeen", "team 'algemeen' is there twice"),
        ("id: bezorging", "id: vervoer", "goes to the team 'bezorging', which is not there"),
        ("id: bezorging", "id: Bezorging en zo", "is no id of a team"),
        ("    name: Bezorging\n", "", "name"),
        (
            "    name: Bezorging\n",
            "    topics: []\n",
            "team 'bezorging' has 'topics', which is none of",
        ),
        ("contact:", "summary: {}\ncontact:", "it has 'summary', which is none of organisation,"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The file and what is wrong in it, no traceback."""
    with pytest.raises(ConfigurationError, match=r"data/organisation\.yml") as error:
        load(project(tmp_path, GOOD.replace(old, new)))
    assert message in str(error.value)


def test_a_team_that_is_none_is_told_where_the_topic_names_it(tmp_path: Path) -> None:
    """In code, or in the file itself; with the team that is likely to be meant."""
    lost = GOOD.replace("id: bezorging", "id: bezorgen")
    with pytest.raises(ConfigurationError, match=r"^actions/\w+\.py line \d+: the topic") as error:
        load(project(tmp_path, lost))
    assert 'Is "bezorgen" meant?' in str(error.value)
    line = GOOD.split("\nteams:")[0].count("\n") + 2
    assert f"data/organisation.yml line {line} under teams" in str(error.value)
    other = tmp_path / "other"
    other.mkdir()
    text = GOOD.replace("topics:\n", "topics:\n  opening_hours: {team: algemen}\n", 1)
    with pytest.raises(ConfigurationError, match=r"^data/organisation\.yml line \d+: the topic"):
        load(project(other, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """No file, a clear sentence."""
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


def test_the_shipped_teams_share_the_tasks() -> None:
    """Each topic is a task of the assistant, and one team keeps hours of its own."""
    organisation = load(ROOT)
    topics = {topic for team in organisation.teams for topic in team.topics}
    assert topics <= set(organisation.labels)
    of_team = organisation.team("bezorging").topics
    offered = [topic for topic in of_team if organisation.topics.of(topic).offered]
    assert offered == ["track_order", "change_delivery", "cancel_order"]
    assert "item_missing" in of_team
    assert organisation.team_for("track_order", "asked").id == "bezorging"
    assert organisation.team_for("", "asked").default
    assert organisation.team_for("track_order", "sensitive").default
    assert organisation.is_urgent("sensitive_matter", "asked")
    assert not organisation.is_urgent("track_order", "loop")
    monday, saturday = date(2026, 11, 2), date(2026, 11, 7)
    own = organisation.hours(2026, "energie_abonnementen")
    usual = organisation.hours(2026, "bezorging")
    assert usual == organisation.hours(2026)
    assert own.on(monday) != usual.on(monday)
    assert own.on(saturday) is None
    assert own.holidays == usual.holidays


def test_a_team_that_is_gone_is_the_default_one() -> None:
    """Its conversations must not be nobody's after a change of the file."""
    organisation = load(ROOT)
    assert organisation.team("verdwenen") == organisation.team("") == organisation.team("algemeen")
    assert organisation.hours(2026, "verdwenen") == organisation.hours(2026)


def test_without_teams_everybody_is_one(tmp_path: Path) -> None:
    """A small organisation leaves the list out."""
    text = GOOD[: GOOD.index("teams:")] + GOOD[GOOD.index("# What Loket must know") :]
    organisation = load(project(tmp_path, text))
    assert [team.default for team in organisation.teams] == [True]
    assert organisation.team_for("track_order", "asked") == organisation.teams[0]
    assert organisation.teams[0].topics == ()


def test_what_the_chat_begins_with(tmp_path: Path) -> None:
    """A sentence and first questions; a file without them gives neither."""
    chat = load(ROOT).chat
    assert chat.intro.startswith("Stel uw vraag")
    assert len(chat.starters) == 4
    without = GOOD[: GOOD.index("# What the web chat shows")] + GOOD[GOOD.index("# Who answers") :]
    plain = load(project(tmp_path, without)).chat
    assert (plain.intro, plain.starters) == ("", ())


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("  tuesday:", "  teusday:", "tuesday"),
        ("\nholidays:", "\nholliday:", "holidays"),
        ("    name: Bezorging", "    naam: Bezorging", "name"),
    ],
    ids=["a day", "a part", "of a team"],
)
def test_a_misspelt_name(tmp_path: Path, old: str, new: str, meant: str) -> None:
    """Told with what was likely meant, and with its line where it has one."""
    with pytest.raises(ConfigurationError) as error:
        load(project(tmp_path, GOOD.replace(old, new)))
    assert f'Is "{meant}" meant?' in str(error.value)
    line = GOOD.split(old)[0].count("\n") + 1 + new.startswith("\n")
    told = str(error.value)
    assert told.startswith("data/organisation.yml line ")
    assert f" line {line}: " in told


def test_a_fault_within_a_part_has_the_line_of_the_entry(tmp_path: Path) -> None:
    """Hours of a day, and a part that lacks something."""
    text = GOOD.replace('  tuesday: ["9:00"', '  tuesday: ["9"')
    line = GOOD.split("  tuesday:")[0].count("\n") + 1
    with pytest.raises(ConfigurationError, match=f"line {line}: '9' is not a time"):
        load(project(tmp_path, text))
