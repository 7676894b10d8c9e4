"""The moment of a call: dated, asked about when its day is in doubt, refused when nobody works."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation import callback
from bot.conversation.callback import Form
from bot.conversation.callback_moment import chosen, fit
from bot.conversation.callback_reading import told
from bot.messages import Choice
from tests.support.calling import CALLING, tell


@pytest.mark.parametrize(
    ("moment", "kept", "hours"),
    [
        ("morgen na 2 uur", "morgen na 2 uur (woensdag 2 december)", ""),
        ("vrijdag 4 december", "vrijdag 4 december", ""),
        ("zo snel mogelijk", "zo snel mogelijk", ""),
        ("zondag", "", "gesloten"),
        ("morgen om 20:00", "", "open van"),
        ("morgen voor 9 uur", "", "open van"),
        ("eerste kerstdag 25 december", "", "gesloten"),
        ("met kerst", "", "gesloten"),
    ],
)
def test_a_moment_is_dated_and_checked(moment: str, kept: str, hours: str) -> None:
    """Nobody is promised a call on a day or at a time when nobody works."""
    found = fit(moment, CALLING)
    assert found.moment == kept
    assert hours in found.hours
    step = tell(Form("moment", "Jan", "+31 6 12345678", question="vraag"), moment)
    assert step.form.asked == ("confirm" if kept else "moment")
    assert step.message is not None
    assert hours in step.message.text


def test_a_moment_at_the_confirmation() -> None:
    """It takes the place of the one that stands."""
    form = Form("confirm", "Jan", "+31 6 12345678", "morgen", "vraag")
    assert tell(form, "nee liever vrijdag").form.moment == "vrijdag (vrijdag 4 december)"
    assert tell(form, "het moment moet donderdag zijn").form.moment.startswith("donderdag")


def moment_form() -> Form:
    """A form that asks for the moment last."""
    return Form("moment", "Jan", "+31 6 12345678", "", "Waar blijft het?")


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("morgen na 14 uur", " (woensdag 2 december)"),
        ("woensdag 2 december", ""),
        ("tussen dinsdag en donderdag", " (dinsdag 8 december t/m donderdag 10 december)"),
        ("dinsdag of vrijdag", " (vrijdag 4 december of dinsdag 8 december)"),
        ("elke dag behalve maandag", ""),
        ("'s avonds", ""),
    ],
)
def test_a_moment_is_kept_with_its_date(text: str, behind: str) -> None:
    """Who calls reads it on another day."""
    step = tell(moment_form(), text)
    assert (step.form.asked, step.form.moment) == ("confirm", f"{text}{behind}")


def test_a_moment_of_the_past_is_refused() -> None:
    """Nobody can be called yesterday, nor this morning at nine when it is ten."""
    for text, said in (("gisteren", "Vandaag zijn wij open"), ("vandaag om 9 uur", "Vandaag")):
        step = tell(moment_form(), text)
        assert (step.form.asked, step.form.moment) == ("moment", "")
        assert step.message is not None
        assert step.message.text.startswith(said)


def test_what_was_yesterday_is_no_moment_of_a_call() -> None:
    """It is told beside the wish."""
    given = told("ik heb gisteren al gebeld, bel me morgen", CALLING.today)
    assert given.moment == "morgen"


@pytest.mark.parametrize("by_tap", [True, False])
@pytest.mark.parametrize(("day", "title"), [(2, "Wo 2 december"), (3, "Do 3 december")])
def test_a_day_in_doubt_is_asked_about(by_tap: bool, day: int, title: str) -> None:
    """By a tap or by its date; the time of the day that was told is kept."""
    step = tell(moment_form(), "woensdag 3 december na 14 uur")
    assert step.message is not None
    options = {each.title: each.payload for each in step.message.options}
    assert [*options] == ["Wo 2 december", "Do 3 december", "Stoppen"]
    if by_tap:
        step = callback.answer(step.form, title, options[title], CALLING)
    else:
        step = callback.answer(step.form, f"{day} december", None, CALLING)
    name = {2: "woensdag", 3: "donderdag"}[day]
    assert step.form.moment == f"{name} {day} december na 14 uur"
    assert step.form.asked == "confirm"


def test_a_day_in_doubt_on_which_nobody_works_is_not_offered() -> None:
    """The hours say why; with one day left that one is offered, with none of them none."""
    step = tell(moment_form(), "zondag 7 december na 14 uur")
    assert step.message is not None
    assert "gesloten" in step.message.text
    assert [each.title for each in step.message.options] == ["Ma 7 december", "Stoppen"]
    assert tell(step.form, "Ma 7 december").form.moment == "maandag 7 december na 14 uur"
    step = tell(moment_form(), "woensdag 3 december om 23:00")
    assert (step.form.asked, step.form.moment, step.form.days) == ("moment", "", {})


def test_a_day_in_doubt_is_asked_about_until_it_is_known() -> None:
    """Whatever else is said stays; the same answer, or none, is refused in other words."""
    form = tell(moment_form(), "woensdag 3 december na 14 uur").form
    assert tell(form, "mijn nummer is 0687654321").form.contact == "+31 6 87654321"
    said = []
    for text in ("woensdag 3 december na 14 uur", "?", "woensdag 3 december na 14 uur"):
        step = tell(form, text)
        assert isinstance(step.message, Choice)
        assert [each.title for each in step.message.options][:2] == [
            "Wo 2 december",
            "Do 3 december",
        ]
        said.append(step.message.text)
        form = step.form
    assert said[0] != said[1] != said[2]
    assert tell(form, "Do 3 december").form.moment == "donderdag 3 december na 14 uur"


def test_a_day_in_doubt_before_its_question() -> None:
    """In the message that begins the form, it is asked about in its turn."""
    said = "bel me woensdag 3 december op 0612345678, het gaat over mijn box"
    step = tell(callback.begin(said=said, calling=CALLING), "Jan de Vries")
    assert step.form.asked == "moment"
    assert tell(step.form, "donderdag").form.moment == "donderdag 3 december"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("zondag of maandag", "zondag of maandag (maandag 7 december)"),
        ("zaterdag of zondag na 20 uur", ""),
        ("volgende week", "volgende week (maandag 7 december t/m zaterdag 12 december)"),
    ],
)
def test_of_several_days_those_are_named_on_which_somebody_works(text: str, kept: str) -> None:
    """One of them is enough."""
    assert tell(moment_form(), text).form.moment == kept


def test_another_moment_takes_the_place_of_one_in_doubt() -> None:
    """Whoever says a day and a time anew means those."""
    step = tell(moment_form(), "woensdag 3 december na 14 uur")
    step = callback.answer(step.form, "toch vrijdag 4 december om 10 uur", None, CALLING)
    assert step.form.moment == "vrijdag 4 december om 10 uur"


DOUBT = {"2026-12-02": "woensdag 2 december", "2026-12-03": "donderdag 3 december"}


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("niet woensdag", "2026-12-03"),
        ("donderdag kan ik niet", "2026-12-02"),
        ("niet de 3e", "2026-12-02"),
        ("woensdag", "2026-12-02"),
    ],
)
def test_who_declines_one_of_two_days_chooses_the_other(words: str, day: str) -> None:
    """Of days that were offered the declined one is not offered again."""
    assert chosen(words, DOUBT, date(2026, 11, 24)) == DOUBT[day]


@pytest.mark.parametrize("words", ["blub", "weet ik niet", "niet vrijdag"])
def test_words_that_choose_no_day_choose_none(words: str) -> None:
    """The question stands."""
    assert chosen(words, DOUBT, date(2026, 11, 24)) == ""
