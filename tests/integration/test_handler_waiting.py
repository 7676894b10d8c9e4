"""What a customer says while waiting is taken: leaving, a question, a call, a task."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.conversation.callback_texts import START
from bot.messages import Choice, HandOver, Option, RatingRequest, Text, options_of
from bot.store.sql.database import Database
from tests.support.counter import EVENING, Bot, Counter

PASSAGE = {"passage": {"text": "Gratis."}, "confidence": 0.9, "leads": True, "about": {}}
ANSWER = (
    Text("Terugsturen is gratis."),
    Choice("Kan ik nog iets voor u doen?", (Option("Nee, klaar", "/goodbye"),)),
    RatingRequest("Hoe ging het?"),
)


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """A customer who waits, while the assistant works."""
    database = Database(f"sqlite:///{tmp_path}/loket.db")
    database.upgrade()
    waits = Counter(database)
    await waits.say("medewerker")
    waits.bot = Bot()
    yield waits
    database.dispose()


@pytest.mark.parametrize("model", [True, False])
@pytest.mark.parametrize(
    "text", ["laat maar", "hoeft niet meer", "ik mail wel zelf", "geen mens", "gin medewerker"]
)
async def test_leaving_at_once(counter: Counter, text: str, model: bool) -> None:
    """In words that say so, with or without a model; a person stays one tap away."""
    if not model:
        counter.bot = None
    assert say("queue.left") in await counter.say(text)
    assert (counter.owner, counter.handover.outcome) == ("bot", "resumed")
    assert built_in_messages.medewerker().title in counter.titles
    await counter.tap(built_in_messages.medewerker().title)
    assert counter.owner == "queued"


async def test_leaving_with_a_question(counter: Counter) -> None:
    """The assistant answers it in the same turn, and hears only what was asked."""
    said = await counter.say("toch maar niet, zeg jij maar of mijn factuur betaald is. PP-100640")
    assert counter.bot is not None
    assert counter.bot.heard == [("zeg jij maar of mijn factuur betaald is. PP-100640", False)]
    assert counter.owner == "bot"
    assert say("queue.left_for_bot") in said
    assert "Hallo." in said
    assert built_in_messages.medewerker().title in counter.titles


async def test_what_is_told_while_waiting_is_remembered(counter: Counter) -> None:
    """All that nobody answered; a tap tells nothing, and what is answered is heard anyway."""
    assert counter.bot is not None
    await counter.say("het gaat om PP-100640, 5611 AZ")
    await counter.say("hallo?")
    counter.bot.knowledge = PASSAGE
    counter.bot.says = ANSWER
    await counter.say("wat kost terugsturen?")
    assert counter.bot.noted == ["het gaat om PP-100640, 5611 AZ", "hallo?"]
    await counter.say("laat maar, wat kost een retour?")
    assert counter.owner == "bot"
    assert len(counter.bot.noted) == 2


async def test_nobody_leaves_for_an_assistant_that_cannot_answer(counter: Counter) -> None:
    """Without a model, or when it would fetch a person itself, the place in the queue stays."""
    counter.bot = None
    await counter.say("laat maar, zeg jij maar of mijn factuur betaald is")
    assert counter.owner == "queued"
    counter.bot = Bot(HandOver("sensitive"))
    assert say("queue.already") in await counter.say("laat maar, wat kost een retour?")
    assert counter.owner == "queued"


@pytest.mark.parametrize("again", ["laat maar", "ja graag"])
async def test_after_danger_it_is_asked_first(counter: Counter, again: str) -> None:
    """A person had better come: one word takes nobody away, a second one does."""
    other = Counter(counter.database, address="another", bot=Bot(HandOver("danger")))
    await other.say("er is iets heel ergs")
    asked = say("queue.leave", button=built_in_messages.back_to_bot().title)
    assert await other.say("laat maar") == asked
    assert other.owner == "queued"
    assert say("queue.left") in await other.say(again)
    assert other.owner == "bot"


async def test_leaving_for_an_address(counter: Counter) -> None:
    """The organisation's own facts need no model."""
    counter.bot = None
    said = await counter.say("laat maar dan, ik mail wel zelf. wat is het mailadres?")
    assert "@" in said
    assert counter.owner == "bot"


@pytest.mark.parametrize(
    "text", ["laat maar weten wanneer iemand er is", "ik wacht wel tot u belt", "zal ik stoppen?"]
)
async def test_doubt_stays(counter: Counter, text: str) -> None:
    """Whoever may mean to wait on does."""
    assert await counter.say(text)
    assert counter.owner == "queued"


async def test_a_question_that_a_page_answers(counter: Counter) -> None:
    """The answer without its ways on, and one sentence that the place stays."""
    counter.bot = Bot(intent="return_item", knowledge=PASSAGE, says=ANSWER)
    said = await counter.say("hoeveel kost terugsturen?")
    assert said == f"Terugsturen is gratis.\n{say('queue.place_stays')}"
    assert built_in_messages.back_to_bot().title in counter.titles
    assert counter.owner == "queued"


async def test_an_answer_that_asks_is_none(counter: Counter) -> None:
    """Nor is one that wants a person: the question is noted for the person who comes."""
    for bot in (
        Bot(intent="return_item", knowledge=PASSAGE, says=(Text("Wat is uw bestelnummer?"),)),
        Bot(HandOver("not_understood"), intent="return_item", knowledge=PASSAGE),
    ):
        counter.bot = bot
        said = await counter.say("hoeveel kost terugsturen?")
        assert say("queue.place_stays") not in said
        assert said
        assert counter.owner == "queued"


async def test_a_page_about_something_else_must_be_sure(counter: Counter) -> None:
    """A page of one task, for a question that was heard as another."""
    doubtful = {**PASSAGE, "confidence": 0.6}
    counter.bot = Bot(intent="return_item", knowledge=doubtful, says=ANSWER)
    await counter.say("kost zo'n regeling extra?")
    assert counter.bot.heard == []
    counter.bot.knowledge = {**doubtful, "about": {"return_item": PASSAGE}}
    assert "gratis" in await counter.say("kost zo'n regeling extra?")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("wat is het mailadres", "@"),
        ("Ik wil geen terugbelverzoek, alleen het mailadres", "@"),
        ("hoe kan ik jullie bellen?", "088"),
        ("hoe laat kan ik bellen", "open van"),
    ],
)
async def test_the_organisation_s_own_facts(counter: Counter, text: str, part: str) -> None:
    """Number, address and hours are told at once; no form begins, and the place stays."""
    said = await counter.say(text)
    assert part in said
    assert say("queue.place_stays") in said
    assert (counter.owner, counter.handover.form) == ("queued", None)


async def test_a_task_is_offered_and_not_begun(counter: Counter) -> None:
    """It is noted; a tap, or a yes, takes the customer's own words to the assistant."""
    counter.bot = Bot(intent="return_item")
    said = await counter.say("ik wil PP-100871 terugsturen")
    assert say("queue.this_too") in said
    assert "Retour aanmelden" in said
    assert (counter.owner, counter.handover.topic, counter.bot.heard) == (
        "queued",
        "return_item",
        [],
    )
    await counter.say("ja graag")
    assert counter.bot.heard == [("ik wil PP-100871 terugsturen", False)]
    assert counter.owner == "bot"


async def test_another_task_than_the_one_that_waits(counter: Counter) -> None:
    """By its name, with the button; what the person is waited for is not offered again."""
    counter.bot = Bot(intent="return_item")
    await counter.say("ik wil iets terugsturen")
    assert say("queue.this_too") not in await counter.say("ik wil iets terugsturen dus")
    counter.bot.intent = "change_delivery"
    assert say("queue.task_offer", task="Bezorging wijzigen") in await counter.say(
        "ik wil ook een andere dag"
    )
    await counter.tap(built_in_messages.carry_out().title)
    assert counter.bot.heard == [("ik wil ook een andere dag", False)]


async def test_whom_the_assistant_could_not_help_is_not_sent_back(counter: Counter) -> None:
    """After a loop, or in a sensitive matter, a task is noted and no more."""
    other = Counter(counter.database, address="another", bot=Bot(HandOver("loop")))
    await other.say("waar is het nou")
    other.bot = Bot(intent="return_item")
    assert say("queue.this_too") not in await other.say("ik wil iets terugsturen")


async def test_a_number_begins_the_form(counter: Counter) -> None:
    """With all that was told: nothing is asked twice, and the promise holds a date."""
    await counter.say("Moet ik ondertussen de rekening gewoon doorbetalen?")
    said = await counter.say("Toch liever dat u mij belt. 038-4211234, mevrouw De Boer")
    assert say("callback.question.moment") in said
    said = await counter.say("morgen na 2 uur")
    for part in ("mevrouw De Boer", "+31 38 421 1234", "dinsdag 24 november", "doorbetalen"):
        assert part in said
    await counter.say("klopt")
    assert counter.handover.form is None


async def test_what_is_shown_is_corrected_in_place(counter: Counter) -> None:
    """A time keeps the day, a name is taken, and what comes is shown before it is promised."""
    await counter.say("bel me morgen na 2 uur op 0612345678, het gaat over mijn factuur")
    await counter.say("Jan de Boer")
    said = await counter.say("toch liever na 4 uur")
    assert "dinsdag 24 november na 4 uur" in said
    said = await counter.say("en het is Jan de Boor")
    for part in ("Jan de Boor", "dinsdag 24 november na 4 uur", "+31 6 12345678", "factuur"):
        assert part in said
    await counter.say("klopt")
    assert counter.handover.form is None


async def test_the_form_from_the_first_message(counter: Counter) -> None:
    """Who is not yet waiting tells all in one go as well."""
    other = Counter(counter.database, address="another")
    assert "naam" in await other.say("bel me morgen na 2 uur op 0612345678 aub")
    said = await other.say("Jansen, het gaat over mijn laatste factuur")
    for part in ("Jansen", "+31 6 12345678", "morgen na 2 uur", "mijn laatste factuur"):
        assert part in said


async def test_the_form_is_left_and_the_queue_is_not(counter: Counter) -> None:
    """Who wants no call waits on; who wants no person at all leaves both."""
    await counter.say("bel me maar")
    assert say("callback.left") in await counter.say("nee hoeft niet")
    assert (counter.owner, counter.handover.form) == ("queued", None)
    await counter.say("bel me maar")
    assert say("queue.left") in await counter.say("ik wil geen medewerker")
    assert counter.owner == "bot"


async def test_a_question_within_the_form(counter: Counter) -> None:
    """It is answered, and the form asks on."""
    await counter.say("bel me maar")
    counter.bot = Bot(intent="return_item", knowledge=PASSAGE, says=ANSWER)
    said = await counter.say("wat kost terugsturen?")
    assert said == f"Terugsturen is gratis.\n{say('callback.question.name')}"
    assert "088" in await counter.say("wat is jullie telefoonnummer")
    assert say("callback.question.name") in counter.said[-1].text


async def test_an_offer_to_call_is_turned_down(counter: Counter) -> None:
    """In the evening "hoeft niet" is the answer to that, and "laat maar" is not."""
    other = Counter(counter.database, address="another", now=EVENING)
    await other.say("medewerker")
    assert say("queue.not_called") in await other.say("nee hoeft niet")
    assert other.owner == "queued"
    assert say("queue.left") in await other.say("laat maar")


async def test_what_was_offered_stays_on_the_table(counter: Counter) -> None:
    """A message of a burst gets no reply, and takes no button away."""
    await counter.say("het is een blauwe jas")
    said, counter.now = counter.said, counter.now - timedelta(seconds=55)
    assert await counter.say("maat 40") == ""
    option = next(each for each in options_of(said[-1]) if each.payload == START)
    assert say("callback.question.name") in await counter.say(option.title, option.payload)


async def test_an_offered_task_is_turned_down(counter: Counter) -> None:
    """The place stays; a yes in everyday words takes it up."""
    counter.bot = Bot(intent="return_item")
    await counter.say("ik wil iets terugsturen")
    assert say("queue.not_called") in await counter.say("nee hoor")
    counter.bot.intent = "change_delivery"
    await counter.say("ik wil ook een andere dag")
    await counter.say("ok")
    assert counter.owner == "queued"
    counter.bot.intent = "cancel_order"
    await counter.say("of ik wil annuleren")
    await counter.say("ja doe maar")
    assert counter.owner == "bot"


async def test_no_silence_for_what_asks(counter: Counter) -> None:
    """Within twenty seconds a statement gets none, a question and a wish do."""
    await counter.say("het is een blauwe jas")
    for text, silent in (
        ("maat 40", True),
        ("en de rits is stuk", True),
        ("hoe moet dat nu?", False),
        ("ik wil weten waar ik aan toe ben", False),
        ("hij was duur", True),
    ):
        counter.now -= timedelta(seconds=55)
        assert (await counter.say(text) == "") is silent, text
