"""The task to send an article back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from rasa_sdk import Action

from actions import article_names, return_matters
from actions.backends import deliveries, orders, returns, shop
from actions.backends.orders import Article
from actions.verification import ORDER, verified_order
from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import Button, button, leave, person
from bot.dialogue.choice_patterns import first, says
from bot.dialogue.questions import (
    Accepted,
    Answers,
    Prompt,
    Question,
    RefusedAnswer,
    Stopped,
    ToPerson,
)
from bot.dialogue.replies import Replies
from bot.dialogue.task import CONFIRM, Events, Step, TaskForm
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

#: Who ordered the wrong thing was sent what was ordered.
_OWN_MISTAKE = (
    r"^(?!.*\b(gekregen|kreeg|krijg|gestuurd|ontvangen|geleverd|bezorgd|zat|zit|kwam)\b)"
    r".*\b(verkeerd\w*|foute?)\b.*\b(besteld|gekozen|ingevuld|aangeklikt)\b"
)
#: Reasons and the words by which they are known; the first that matches counts.
_REASONS = (
    (
        "damaged",
        (
            r"\b(kapot|stuk|beschadig|defect|gebroken|kras|deuk|gescheurd|dood\b|weigert)"
            r"|\b(werkt|doet|laadt?|start|gaat|reageert|verwarmt|speelt|sluit|opent)\b.*"
            r"\b(niet|nie|niks|niets|nergens)\b|\bniet (opladen|aan de praat)"
            r"|\b(geen|gin) (geluid|beeld|stroom|verbinding)\b|\bblijft \w* ?zwart\b"
            r"|\bvalt (steeds )?uit\b"
        ),
    ),
    ("size", rf"(?=.*({_OWN_MISTAKE})).*\bmaat\b"),
    ("regret", _OWN_MISTAKE),
    ("wrong", r"\b(verkeerd|ander artikel|niet besteld|fout artikel|andere kleur|niet wat ik)"),
    ("size", r"\b(te (klein|groot|kort|lang|krap|wijd|strak|ruim)|maat|past? (niet|me)|pas ik)"),
    (
        "regret",
        (
            r"\b(bedacht|niet (meer )?nodig|(hoef|wil) \w+ niet(?! (terug|retour|ruil|opstu))|spijt"
            r"|bevalt|valt tegen|toch niet|dubbel|lelijk|niet mooi|miskoop)"
        ),
    ),
    ("other", r"\b(anders|andere reden|zeg ik liever niet)"),
)
REASON_NAMES = {
    "damaged": "beschadigd of kapot",
    "wrong": "verkeerd artikel",
    "size": "past niet goed",
    "regret": "toch niet nodig",
    "other": "andere reden",
}


_CANCELS = (
    r"\b(annul\w+|geannuleerd|afbestel\w+|afgebestel\w*|cancel\w*|gecancel\w*|afzeg\w*|afgezeg\w*"
    r"|afblaz\w*|intrek\w*)\b|\bzeg\b.*\baf\b|\bbestel\b.*\baf\b"
)
#: What a message that starts the task is about, by its intent; others are about a new return.
_MATTERS = {"return_status": "refund", "return_code": "codes"}
#: Of these the shop pays everything, as its pages say.
_OURS = frozenset({"damaged", "wrong"})
#: What came broken or wrong a person replaces, as the pages say.
REPLACED = ToPerson("asked", "utter_return_replacement")
REASON = Question(
    "return_reason", parse=partial(first, _REASONS), early=True, keen=True, names=("reden",)
)


class ReturnItemForm(TaskForm):
    """Asks which article and why."""

    topic = Topic(
        "return_item",
        "Retour aanmelden",
        team="retour_betaling",
        belongings=("retour",),
        called=("code", "label", "artikel"),
        slots={
            "return_article": "",
            "return_article_name": "Artikel",
            "return_reason": "Reden van retour",
            "return_matter": "Vraag",
        },
        values={"return_reason": REASON_NAMES, "return_matter": return_matters.NAMES},
    )
    proof = ORDER

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """Questions for the article, the reason, and whether it is right."""
        articles: Sequence[Article] = answers.facts.get("articles", ())
        article = Question(
            "return_article",
            parse=partial(article_names.first, articles),
            early=True,
            one_by_one=True,
            names=("artikel", "product"),
        )
        return (article, REASON, CONFIRM)

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | ToPerson | None:
        """Stops who wants to cancel an order; who wants a broken article anew gets a person."""
        anew = not message.started and return_matters.asks_replacement(message.typed)
        if anew and answers[REASON.slot] in _OURS:
            answers["return_matter"] = "replacement"
            return REPLACED
        if message.started and says(_CANCELS, message.typed):
            if says(r"\bretour", message.typed):
                return Stopped("utter_return_cancel", buttons=(person(),))
            again = button("Bestelling annuleren", "cancel_order")
            return Stopped("utter_order_cancel", buttons=(again, person()))
        return None

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Reads whether it is about an earlier return, about warranty, or a wrong article."""
        if not message.started:
            return
        asked = _MATTERS.get(message.intent or "") or return_matters.matter(message.typed)
        if asked is None and return_matters.asks_replacement(message.typed):
            broken = answers[REASON.slot] in _OURS or message.intent == "wrong_item"
            asked = "replacement" if broken else None
        if asked:
            answers.give("return_matter", asked)
        if message.intent == "wrong_item" and not says(_OWN_MISTAKE, message.typed):
            answers.give(REASON.slot, "wrong")

    async def prepare(self, answers: Answers) -> Stopped | ToPerson | None:
        """Stops when nothing of the order can be sent back, and answers what is no new return."""
        number, today = answers["order_number"], runtime.today()
        if answers["return_matter"] == "replacement":
            return REPLACED
        if matter := answers["return_matter"]:
            return await return_matters.answer(matter, number)
        delivery = await shop.query(deliveries.get, number)
        order = await shop.query(orders.get, number)
        if delivery is None or delivery.delivered_on is None:
            cancelled = delivery is None or delivery.status == "cancelled"
            why = "cancelled" if cancelled else "not_delivered"
            return Stopped(f"utter_return_{why}", {"order": number})
        day = formatting.day(delivery.delivered_on)
        last = returns.last_day_of(order, delivery.delivered_on)
        if last < today:
            values = {"order": number, "day": day, "last": formatting.day(last)}
            return Stopped("utter_return_too_late", values)
        known = await shop.query(returns.of_order, number)
        # The article that was chosen stays one to choose, also once it is registered: a turn that
        # was cut off after that is run again, and must come to the same.
        chosen = answers["return_article"]
        articles = [
            article
            for article in (order.articles if order else ())
            if str(article.line) == chosen or article.line not in {each.line for each in known}
        ]
        answers.facts["articles"] = articles
        if not articles:
            label = known[-1].label if known else ""
            return Stopped("utter_return_already", {"order": number, "label": label})
        if len(articles) == 1 and chosen is None:
            answers.accept("return_article", str(articles[0].line))
            answers["return_article_name"] = articles[0].name
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Checks an answer: an article must be in the order, a reason must be known."""
        if question.slot == "return_article":
            named = (a for a in answers.facts["articles"] if str(a.line) == str(value))
            if (article := next(named, None)) is not None:
                answers["return_article_name"] = article.name
                return Accepted(str(value))
            return RefusedAnswer(buttons=_choices(answers))
        return Accepted(value) if value in REASON_NAMES else RefusedAnswer()

    def further(self, texts: Sequence[str], answers: Answers) -> tuple[Button, ...]:
        """The other articles, where several were named in one breath: each is a return."""
        articles: Sequence[Article] = answers.facts.get("articles", ())
        named = (article_names.named(articles, text) for text in texts)
        lines = next((each for each in named if len(each) > 1), ())
        return tuple(
            _to_return(article)
            for article in articles
            if article.line in lines and str(article.line) != answers["return_article"]
        )

    def another(self, question: Question, value: Any, answers: Answers) -> Button:
        """Another article of the order by its name."""
        articles: Sequence[Article] = answers.facts.get("articles", ())
        named = (_to_return(each) for each in articles if str(each.line) == str(value))
        return next(named, None) or super().another(question, value, answers)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """Offers articles to choose from, and says the whole return before it is registered."""
        if question.slot == "return_article":
            return Prompt(values={"order": answers["order_number"]}, buttons=_choices(answers))
        if question != CONFIRM:
            return Prompt()
        line = answers["return_article"]
        name = next(a.name for a in answers.facts["articles"] if str(a.line) == line)
        reason = answers["return_reason"]
        return Prompt("utter_confirm_return", {"article": name, "reason": REASON_NAMES[reason]})


class ActionReturnItem(Action):
    """Registers the return that was confirmed."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_return_item"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Registers the return and gives the label."""
        number, line = verified_order(tracker), int(tracker.get_slot("return_article"))
        reason = tracker.get_slot("return_reason")
        today = runtime.today()
        order = await shop.query(orders.get, number)
        made = await shop.change(returns.register, number, line, reason, today)
        delivery = await shop.query(deliveries.get, number)
        article = next(a for a in order.articles if a.line == line) if order else None
        delivered = delivery.delivered_on if delivery else None
        last = returns.last_day(order.placed_on if order else today, delivered or today)
        Replies(dispatcher, domain).say(
            f"utter_return_registered_{reason}" if reason in _OURS else "utter_return_registered",
            article=article.name if article else "",
            label=made.label,
            last=formatting.day(last),
        )
        return []


def _to_return(article: Article) -> Button:
    return button(f"{article.name} terugsturen", "return_item", return_article=str(article.line))


def _choices(answers: Answers) -> tuple[Any, ...]:
    articles: Sequence[Article] = answers.facts["articles"]
    choices = (
        button(article.name, "return_item", return_article=str(article.line))
        for article in articles
    )
    return (*choices, leave())
