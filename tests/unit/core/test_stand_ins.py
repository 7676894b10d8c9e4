"""Which libraries a process does without, and that what is kept out can come back."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot.core import stand_ins, used_components
from bot.core.stand_ins import Nothing, needing_tensorflow
from bot.errors import ConfigurationError

ROOT = Path(__file__).parents[3]


def run(program: str) -> str:
    """What a Python process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "component",
    [
        "DIETClassifier",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "ResponseSelector",
        "LanguageModelFeaturizer",
        "rasa.nlu.classifiers.diet_classifier.DIETClassifier",
        "actions.components.OwnClassifier",
        "actions.components.RulePolicy",
        "somebody.RegexFeaturizer",
    ],
)
def test_what_needs_it_and_what_nobody_knows(component: str) -> None:
    """An unknown component, or one that bears the name of a known one, is taken to need it."""
    assert needing_tensorflow(["RulePolicy", component]) == (component,)


def test_the_shipped_assistant_needs_none() -> None:
    """Loket's components, and Rasa's rules and memory."""
    used = used_components.of_content(ROOT)
    assert {"RulePolicy", "MemoizationPolicy"} < set(used)
    assert needing_tensorflow(used) == ()


@pytest.mark.parametrize(
    "config",
    [
        "pipeline:\npolicies:\n- name: RulePolicy\n",
        "pipeline:\n- name: RegexFeaturizer\n",
        "pipeline: [1]\npolicies: {}\n",
        "",
    ],
)
def test_content_that_does_not_say_all(tmp_path: Path, config: str) -> None:
    """Where Rasa chooses components itself, or nothing can be read, the real one is loaded."""
    (tmp_path / "config.yml").write_text(config)
    assert used_components.of_content(tmp_path) == ()
    assert not stand_ins.needing_tensorflow(())


def test_content_that_is_no_yaml(tmp_path: Path) -> None:
    """Told before the seconds that Rasa takes to load."""
    (tmp_path / "config.yml").write_text("pipeline:\n  - name: a\n   b: c\n")
    with pytest.raises(ConfigurationError, match="line 3 is not valid YAML"):
        used_components.of_content(tmp_path)


def test_the_components_of_a_model(tmp_path: Path) -> None:
    """From the file beside it, else from within; a damaged one has none."""
    model = tmp_path / "loket-1.tar.gz"
    inner = tmp_path / "metadata.json"
    inner.write_text(json.dumps({"predict_schema": {"nodes": {"a": {"uses": "x.DIETClassifier"}}}}))
    with tarfile.open(model, "w:gz") as archive:
        archive.add(inner, "metadata.json")
    assert used_components.of_models([model]) == ("x.DIETClassifier",)
    beside = tmp_path / "loket-1.json"
    beside.write_text('{"fingerprint": "of an older Loket"}')
    assert used_components.of_models([model]) == ("x.DIETClassifier",)
    beside.write_text('{"components": ["RulePolicy"]}')
    assert used_components.of_models([model]) == ("RulePolicy",)
    beside.unlink()
    model.write_bytes(model.read_bytes()[:40])
    assert used_components.of_models([model, tmp_path / "gone.tar.gz"]) == ()


@pytest.mark.parametrize("components", ["[]", "['DIETClassifier', 'RulePolicy']"])
def test_the_real_one_stays_where_it_is_needed(components: str) -> None:
    """It is not imported for that: Rasa does so, when it needs to."""
    program = (
        "import importlib.util, sys; from bot.core import stand_ins;"
        f"kept_out = stand_ins.keep_tensorflow_out({components});"
        "wanted = stand_ins.keep_tensorflow_out(['RulePolicy'], wanted=True);"
        "found = importlib.util.find_spec('tensorflow').origin is not None;"
        "print(kept_out, wanted, found, 'tensorflow' in sys.modules)"
    )
    assert run(program).splitlines()[-1] == "False False True False"


def test_rasa_is_imported_lean() -> None:
    """No TensorFlow; what only Rasa's channels use can be imported for real afterwards."""
    program = """
import sys
from bot.core import stand_ins
assert stand_ins.keep_tensorflow_out(["RulePolicy"])
with stand_ins.lean_import():
    import rasa.core.agent
print(sorted({"boto3", "pymongo", "aiogram", "redis", "slack_sdk"} & set(sys.modules)))
import tensorflow, boto3, slack_sdk.web
print(tensorflow.__name__, getattr(tensorflow, "__file__", None))
print(boto3.Session.__module__, slack_sdk.web.WebClient.__module__)
assert stand_ins.keep_tensorflow_out([])
"""
    lines = run(program).splitlines()
    assert lines == ["[]", "tensorflow None", "boto3.session slack_sdk.web.client"]


def test_spacy_is_imported_lean() -> None:
    """Without its command line and its list of languages, which come when they are asked for."""
    program = """
import sys
from bot.core import stand_ins
with stand_ins.lean_spacy():
    import spacy
    spacy.blank("nl")
print("typer" in sys.modules, "langcodes.data_dicts" in sys.modules)
import spacy.cli
print(spacy.cli.app.__class__.__module__, spacy.blank("dut").lang)
with stand_ins.lean_spacy():
    import spacy.cli.info as real
print(real is spacy.cli.info)
"""
    assert run(program).splitlines() == ["False False", "typer.main nl", "True"]


def test_a_library_that_is_there_stays() -> None:
    """Its modules that come later are the real ones too."""
    program = """
import slack_sdk
from bot.core import stand_ins
with stand_ins.lean_import():
    import rasa.core.channels
import slack_sdk.web.async_client as real
print(rasa.core.channels.slack.AsyncWebClient is real.AsyncWebClient)
"""
    assert run(program) == "True"


def test_nothing_computes_nothing() -> None:
    """It is named, inherited from and put over functions at import; used, it says what to do."""

    class Layer(Nothing.keras.layers.Layer):  # type: ignore[name-defined,misc]
        """As Rasa's layers are."""

    for made in (Nothing, Layer, Nothing.Tensor):
        with pytest.raises(RuntimeError, match="LOKET_TENSORFLOW=yes"):
            made(1, name="x")
    with pytest.raises(AttributeError):
        Nothing.__wrapped__  # noqa: B018 - asking is the test


def test_every_component_on_the_list_is_rasas() -> None:
    """A name that Rasa does not have would hide a spelling mistake."""
    recipe = importlib.import_module("rasa.engine.recipes.default_recipe").DefaultV1Recipe
    importlib.import_module("rasa.engine.recipes.default_components")
    registered = {*recipe._registered_components, "RegexMessageHandler"}
    assert registered >= stand_ins._WITHOUT
