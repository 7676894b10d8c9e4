"""The call-back form: every answer is kept, whatever cannot be one is refused in other words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import callback, callback_texts
from bot.conversation.callback import Form, FormStep
from bot.conversation.callback_reading import told
from bot.conversation.contact import contact_in, own_number
from bot.messages import Choice
from tests.support.calling import CALLING, tell


def fill(form: Form, *answers: str) -> FormStep:
    """Types answers one after another."""
    step = FormStep("asking", form)
    for text in answers:
        step = tell(step.form, text)
    return step


def test_from_name_to_confirmation() -> None:
    """Each answer leads to the next question; at the end all is shown and confirmed."""
    step = fill(
        callback.begin("waar is mijn retour", calling=CALLING),
        "Jan de Vries",
        "06 12345678",
        "Ochtend",
    )
    assert step.message is not None
    for part in ("Jan de Vries", "+31 6 12345678", "Ochtend", "waar is mijn retour"):
        assert part in step.message.text
    assert [option.title for option in callback.ask(step.form).options] == [
        "Klopt",
        "Aanpassen",
        "Stoppen",
    ]
    assert fill(step.form, "Klopt").outcome == "done"


def test_an_email_needs_no_moment_and_a_missing_question_is_asked() -> None:
    """Nothing is asked that does not matter; what the agent must know is."""
    step = fill(callback.begin(calling=CALLING), "Fatma", "fatma@voorbeeld.nl")
    assert step.form.asked == "question"
    step = fill(step.form, "mijn retour is nog niet betaald")
    assert step.form.asked == "confirm"
    assert step.form.moment == ""


def test_an_email_instead_of_a_number_drops_the_moment() -> None:
    """A time to call belongs to no mail: it would be a promise that nobody keeps."""
    form = callback.Form("confirm", "Jan", "+31 6 12345678", "morgen", "Waar blijft het?")
    step = callback.answer(form, "liever jan@example.nl", None, CALLING)
    assert (step.form.contact, step.form.moment) == ("jan@example.nl", "")


def test_everything_in_one_message() -> None:
    """A number beside the name is taken, and not asked again."""
    step = fill(callback.begin("x y z", calling=CALLING), "Mijn naam is Jan de Vries, 0612345678")
    assert (step.form.name, step.form.contact) == ("Jan de Vries", "+31 6 12345678")
    assert step.form.asked == "moment"


def test_an_address_to_the_question_for_a_name() -> None:
    """It is kept, and the name is asked again."""
    step = fill(callback.begin("x", calling=CALLING), "jan@voorbeeld.nl")
    assert (step.form.asked, step.form.contact) == ("name", "jan@voorbeeld.nl")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("name", "hoe lang duurt het nog?"),
        ("name", "12"),
        ("name", "hmm ja zal wel"),
        ("name", "weet ik niet"),
        ("name", "doe maar"),
        ("contact", "06 1234"),
        ("contact", "0900 1234567"),
        ("contact", "jan@"),
        ("moment", "?"),
        ("question", "?"),
        ("confirm", "misschien"),
        ("edit", "weet ik niet"),
    ],
)
def test_what_does_not_fit_is_refused_in_other_words(asked: callback.Asked, text: str) -> None:
    """Twice in a row the same sentence is a loop; the third time a way out is named."""
    form = Form(asked, "Jan", "+31 6 12345678", "Ochtend", "vraag")
    said = []
    for _ in range(3):
        step = tell(form, text)
        assert step.outcome == "asking"
        assert step.form.asked == asked
        assert isinstance(step.message, Choice)
        said.append(step.message.text)
        form = step.form
    assert said[0] != said[1] != said[2]
    assert "stoppen" in said[2]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("nee 0687654321", "contact", "+31 6 87654321"),
        ("jan@voorbeeld.nl", "contact", "jan@voorbeeld.nl"),
    ],
)
def test_a_correction_at_the_confirmation(text: str, field: str, value: str) -> None:
    """Another number or address is taken at once."""
    step = tell(Form("confirm", "Jan", "+31 6 12345678", "Ochtend", "vraag"), text)
    assert getattr(step.form, field) == value
    assert step.form.asked == "confirm"


def test_changing_one_answer_keeps_the_others() -> None:
    """'Aanpassen' asks what; only that is asked again."""
    form = Form("confirm", "Jan", "+31 6 12345678", "Ochtend", "vraag")
    step = fill(form, "Aanpassen", "Naam", "Janneke")
    assert step.form == Form("confirm", "Janneke", "+31 6 12345678", "Ochtend", "vraag")
    assert tell(form, "de naam klopt niet").form.asked == "name"


@pytest.mark.parametrize("text", ["annuleer", "stop", "laat maar", "Stoppen"])
@pytest.mark.parametrize("asked", ["name", "contact", "moment", "question", "confirm", "edit"])
def test_it_can_be_left_everywhere(asked: callback.Asked, text: str) -> None:
    """In a word or a tap."""
    assert tell(Form(asked), text).outcome == "left"


def test_the_number_one_writes_from() -> None:
    """On WhatsApp and SMS it is one tap."""
    own = own_number("31612345678")
    step = fill(callback.begin("vraag", own, calling=CALLING), "Jan", "Dit nummer")
    assert step.form.contact == "+31 6 12345678"
    assert own_number("US.13491208655302741918") == ""


def test_a_request_that_is_left_can_be_changed() -> None:
    """Who asks again sees what was left, and changes it."""
    form = Form("confirm", "Jan", "+31 6 12345678", "Ochtend", "vraag")
    assert callback.begin("andere vraag", earlier=form, calling=CALLING).asked == "confirm"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("06-12345678", "+31 6 12345678"),
        ("0031 6 12345678", "+31 6 12345678"),
        ("+31 (0)6 12345678", "+31 6 12345678"),
        ("020-1234567", "+31 20 123 4567"),
        ("+32 470 12 34 56", "+32 470 12 34 56"),
        ("Jan.Vries@Voorbeeld.NL.", "Jan.Vries@voorbeeld.nl"),
        ("0612345678 of jan@voorbeeld.nl", "jan@voorbeeld.nl"),
    ],
)
def test_numbers_and_addresses(text: str, value: str) -> None:
    """As people write them."""
    found = contact_in(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text", ["112", "0900 1234567", "06 1234567", "PP-100234", "a@b", "jan@x..nl", "@", ""]
)
def test_no_number_or_address(text: str) -> None:
    """What nobody can be reached at."""
    assert contact_in(text) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("bel mij terug", True),
        ("kunt u mij bellen", True),
        ("ik wil teruggebeld worden", True),
        ("mail me maar", True),
        ("ik heb al gebeld", False),
        ("waar blijft mijn bel en fiets", False),
    ],
)
def test_the_wish_to_be_called(text: str, wish: bool) -> None:
    """In the customer's words."""
    assert callback_texts.wishes(text) is wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Toch liever dat u mij belt", True),
        ("kunt u mij niet bellen", True),
        ("bel me niet voor 10 uur", True),
        ("bel mij niet", False),
        ("ik wil geen terugbelverzoek", False),
        ("u hoeft mij niet te bellen", False),
        ("kan de bezorger mij bellen", False),
        ("kunt u me ook de laatste factuur mailen", False),
    ],
)
def test_a_negation_or_another_caller_is_no_wish(text: str, wish: bool) -> None:
    """Neither is the wish for a document by mail."""
    assert callback_texts.wishes(text) is wish


@pytest.mark.parametrize(
    ("said", "name", "contact", "moment", "question"),
    [
        ("bel me morgen na 2 uur op 0612345678 aub", "", "+31 6 12345678", "morgen na 2 uur", ""),
        ("Jansen, het gaat over mijn laatste factuur", "", "", "", "mijn laatste factuur"),
        ("Moment: morgen na 2 uur, zei ik al", "", "", "morgen na 2 uur", ""),
        ("anders bel me maar op 0622334455 vanmiddag", "", "+31 6 22334455", "vanmiddag", ""),
        ("0622334455 vanmiddag zei ik toch", "", "+31 6 22334455", "vanmiddag", ""),
        ("mevrouw De Boer, 038-4211234", "mevrouw De Boer", "+31 38 421 1234", "", ""),
        ("met Pieter, kunt u mij vrijdagmiddag bellen", "Pieter", "", "vrijdagmiddag", ""),
        ("bel me over de factuur van oktober", "", "", "", "de factuur van oktober"),
        ("bel me over een uur", "", "", "", ""),
        ("ik heet Fatma en mijn nummer is 0612345678", "Fatma", "+31 6 12345678", "", ""),
        ("zei ik toch, over mijn meter die raar doet", "", "", "", "mijn meter die raar doet"),
    ],
)
def test_what_a_message_tells(
    said: str, name: str, contact: str, moment: str, question: str
) -> None:
    """In any order, with or without labels; that it was said before is left out."""
    given = told(said, CALLING.today)
    assert (given.name, given.contact, given.moment, given.question) == (
        name,
        contact,
        moment,
        question,
    )


@given(
    st.permutations(
        ["ik heet Jan de Vries", "0612345678", "morgen na 2 uur", "het gaat over mijn box"]
    ),
    st.sampled_from([", ", ". ", "\n", "; "]),
)
def test_everything_in_any_order(parts: list[str], mark: str) -> None:
    """One message that tells all leaves nothing to ask, whichever question was open."""
    for asked in ("name", "contact", "moment"):
        step = tell(Form(asked), mark.join(parts))  # type: ignore[arg-type]
        assert step.form.asked == "confirm"
        assert (step.form.name, step.form.contact) == ("Jan de Vries", "+31 6 12345678")
        assert step.form.moment.startswith("morgen na 2 uur")
        assert step.form.question == "mijn box"


def test_the_message_that_begins_it() -> None:
    """What it tells is not asked: the matter before the wish, and a name beside a number."""
    said = "mijn meter doet raar, kunnen jullie me morgen bellen?"
    form = callback.begin(said=said, calling=CALLING)
    assert (form.asked, form.question) == ("name", "mijn meter doet raar")
    form = callback.begin("eerdere vraag", said="De Boer, 038-4211234", calling=CALLING)
    assert (form.asked, form.name, form.question) == ("moment", "De Boer", "eerdere vraag")


def test_what_was_said_before_is_no_question() -> None:
    """The label decides, whatever is asked; the same question is asked on."""
    form = Form("question", "Jan", "+31 6 12345678")
    step = tell(form, "Moment: morgen na 2 uur, zei ik al")
    assert (step.form.asked, step.form.question) == ("question", "")
    assert step.form.moment.startswith("morgen na 2 uur")


@settings(max_examples=40)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_typed_there_is_an_answer(texts: list[str]) -> None:
    """The form never raises, always asks on, and survives being written down."""
    form = callback.begin("vraag", "+31 6 12345678", calling=CALLING)
    for text in texts:
        step = callback.answer(form, text, None, CALLING)
        assert (step.message is None) == (step.outcome != "asking")
        form = Form.from_json(step.form.to_json())
        assert form == step.form


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("morgenochtend graag, niet voor 10 uur", "morgenochtend, niet voor 10 uur"),
        ("vrijdag maar niet voor 3 uur", "vrijdag maar niet voor 3 uur"),
        ("morgen, niet na 4 uur", "morgen, niet na 4 uur"),
        ("ik kan niet vrijdag", ""),
        ("niet morgen", ""),
    ],
)
def test_a_limit_of_the_time_is_part_of_the_moment(text: str, moment: str) -> None:
    """A day that does not suit is none."""
    assert told(text, CALLING.today).moment == moment
