"""Where an assistant's topics are found: its package, data/organisation.yml, its forms."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.topics import declared, package_topics
from bot.topics.topic import Topic

ROOT = Path(__file__).parents[3]
DOMAIN = """
intents: [greet, renew_loan, vacatures: {use_entities: []}, book_visit, branches]
forms:
  book_visit_form: {required_slots: [visit_day]}
"""
CODE = """
from bot.topics.topic import Topic

BRANCHES = Topic("branches", "Vestigingen")


class Renewal:
    topic = Topic("renew_loan", "Lening verlengen", "task")
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An assistant whose package is `counter`."""
    (tmp_path / "counter").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "counter" / "__init__.py").write_text("")
    (tmp_path / "counter" / "loans.py").write_text(CODE)
    (tmp_path / "domain.yml").write_text(DOMAIN)
    monkeypatch.syspath_prepend(tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for name in [each for each in sys.modules if each.startswith("counter")]:
        del sys.modules[name]
    declared.load.cache_clear()
    package_topics.of_package.cache_clear()


def organisation(root: Path, text: str) -> None:
    (root / "data" / "organisation.yml").write_text(text)


def test_values_and_forms_of_the_package(library: Path) -> None:
    """In the order of the domain, with the built-in ones that it knows."""
    found = declared.load(library, "counter")
    titled = [topic.name for topic in found if topic.title]
    assert titled == ["renew_loan", "branches"]
    assert found.kind("renew_loan") == "task"
    assert found.kind("greet") == "digression"
    assert found.kind("vacatures") == "question"


def test_the_packages_within_the_package(library: Path) -> None:
    """However deep a module stands, what it declares counts, or Loket says why not."""
    inner = library / "counter" / "desk" / "loans"
    inner.mkdir(parents=True)
    (library / "counter" / "loans.py").rename(inner / "renewal.py")
    for folder in (inner.parent, inner):
        name = folder.relative_to(library).as_posix()
        with pytest.raises(ConfigurationError, match=f"Add an empty file {name}/__init__"):
            declared.load(library, "counter")
        (folder / "__init__.py").touch()
    forget()
    assert declared.load(library, "counter").kind("renew_loan") == "task"


def test_a_form_without_code_is_a_task(library: Path) -> None:
    """As Rasa's documentation shows it: slots and a form in the domain alone."""
    assert declared.load(library, "counter").of("book_visit") == Topic("book_visit", kind="task")


@pytest.mark.parametrize("shared", ["", "more: &steps []\n"], ids=["", "an anchor elsewhere"])
def test_an_intent_by_which_a_rule_starts_a_form_is_a_task(library: Path, shared: str) -> None:
    """Whatever the form is called, and whatever else is declared of it."""
    organisation(library, "topics: {vacatures: {title: Vacatures}}\n")
    (library / "data" / "rules.yml").write_text(
        f"{shared}rules:\n- rule: apply\n  steps:\n  - intent: vacatures\n"
        "  - action: book_visit_form\n  - active_loop: book_visit_form\n"
        + ("- rule: more\n  steps: *steps\n" if shared else "")
    )
    found = declared.load(library, "counter")
    assert found.of("vacatures") == Topic(
        "vacatures", "Vacatures", "task", started="book_visit_form"
    )


def test_what_the_domain_lacks_is_not_offered(library: Path) -> None:
    """Opening hours are built in; this assistant tells none."""
    found = declared.load(library, "counter")
    assert found.of("opening_hours").title == ""
    assert not {"opening_hours", "sensitive_matter"} & {topic.name for topic in found}


def test_a_designer_declares_without_code(library: Path) -> None:
    """Options are laid over what the code says."""
    organisation(
        library,
        "topics:\n"
        "  vacatures: {title: Vacatures, team: personeel}\n"
        "  renew_loan: {alone: true, fleeting: [weeks]}\n"
        "contact: {}\n",
    )
    found = declared.load(library, "counter")
    assert found.of("vacatures") == Topic("vacatures", "Vacatures", team="personeel")
    renewal = Topic("renew_loan", "Lening verlengen", "task", alone=True, fleeting=("weeks",))
    assert found.of("renew_loan") == renewal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("topics: [vacatures]", "must be a mapping"),
        ("topics: {vacatures: }", "vacatures needs options"),
        ("topics: {vacatures: {titel: x}}", "vacatures has titel"),
        ("topics: {vacatures: {kind: vraag}}", "kind must be one of task, question"),
        ("topics: {vacatures: {urgent: soms}}", "urgent is of another type"),
        ("topics: {vacatures: {pages_first: soms}}", "pages_first is of another type"),
        ("topics: {vacatures: {slots: [a]}}", "slots is of another type"),
        ("topics: {vacatures: [}", "not valid YAML"),
    ],
)
def test_a_mistake_is_named(library: Path, text: str, said: str) -> None:
    """The file, the topic and what is wrong."""
    organisation(library, text)
    with pytest.raises(ConfigurationError, match=r"data/organisation\.yml") as caught:
        declared.load(library, "counter")
    assert said in str(caught.value)


def test_a_topic_is_declared_once(library: Path) -> None:
    """Two files that say different things of one topic are told apart by nobody."""
    (library / "counter" / "more.py").write_text(
        'from bot.topics.topic import Topic\n\nTOPIC = Topic("branches", "Filialen")\n'
    )
    with pytest.raises(ConfigurationError, match=r"counter\.more declares the topic branches"):
        declared.load(library, "counter")


@pytest.mark.parametrize("module", ["more.py", "before.py"])
def test_a_subclass_takes_the_place_of_its_form(library: Path, module: str) -> None:
    """As with actions, whichever of the two files is read first."""
    (library / "counter" / module).write_text(
        "from counter.loans import Renewal\nfrom bot.topics.topic import Topic\n\n\n"
        'class Own(Renewal):\n    topic = Topic("renew_loan", "Langer lenen", "task")\n'
    )
    assert declared.load(library, "counter").of("renew_loan").title == "Langer lenen"


def test_a_module_that_cannot_be_imported_is_named(library: Path) -> None:
    """A sentence, no traceback."""
    (library / "counter" / "more.py").write_text("import no_such_library\n")
    with pytest.raises(ConfigurationError, match=r"counter\.more cannot be imported"):
        declared.load(library, "counter")


def test_an_assistant_may_have_no_package(tmp_path: Path) -> None:
    """Rules and texts alone make an assistant."""
    assert declared.load(tmp_path, "no_such_package").kind("greet") == "digression"


def test_the_package_may_be_one_module(library: Path) -> None:
    """As small as an assistant can be."""
    (library / "counter_alone.py").write_text(CODE)
    assert declared.load(library, "counter_alone").of("branches").title == "Vestigingen"


def test_anchors_elsewhere_in_the_domain_are_followed(library: Path) -> None:
    """A section that leans on another part of the file is read with the whole."""
    (library / "domain.yml").write_text("x: &names [branches]\nintents: *names\n")
    found = declared.load(library, "counter")
    assert [topic.name for topic in found if topic.title] == ["branches"]


def test_the_shop_declares_every_intent_that_has_a_title() -> None:
    """Its tasks with their proof, in the order in which customers ask most."""
    found = declared.load(ROOT)
    tasks = [topic.name for topic in found if topic.kind == "task"]
    assert tasks[0] == "track_order"
    assert {name for name in tasks if found.of(name).proof is None} == {"complaint"}
    assert {topic.name for topic in found if topic.is_alone} == {
        "medewerker",
        "sensitive_matter",
        "complaint",
    }


def test_whoever_has_no_model_learns_them_cheaply() -> None:
    """The desk reads them too, and must start within seconds."""
    code = (
        "import sys; from pathlib import Path; from bot.topics import declared;"
        f"assert declared.load(Path({str(ROOT)!r})).labels;"
        "print(sorted({'rasa', 'sklearn', 'scipy', 'numpy', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_topic_of_no_intent(library: Path) -> None:
    """Told with its line and what was likely meant: nobody would get what it says."""
    organisation(library, "topics:\n  greet: {title: Hallo}\n  renew_lone: {title: Verlengen}\n")
    with pytest.raises(ConfigurationError, match="line 3: the topic renew_lone is of no") as caught:
        declared.load(library, "counter")
    assert 'Is "renew_loan" meant?' in str(caught.value)
