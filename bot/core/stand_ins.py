"""Keeps libraries out of a process that Rasa imports and none of its components uses.

Rasa imports TensorFlow with everything, for the components that learn by it (DIET, TED): ten
seconds and 300 MB. It imports the libraries of its own channels and databases too, which Loket has
others for. In their place come stand-ins, whose every name is an empty class: for TensorFlow
as long as the process lives, unless a component is named that needs the real one; for the others
while Rasa is imported (docs/decisions/0090-what-rasa-need-not-import.md).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

import structlog

from bot.core import rasa_versions
from bot.core.rasa_versions import fits

log = structlog.get_logger(__name__)

#: TensorFlow, and what Rasa imports that imports it.
_TENSORFLOW: Final = frozenset(
    "tensorflow keras tensorflow_addons tensorflow_hub tensorflow_text".split()
)
#: What Rasa's own channels, trackers' databases, brokers and shell use, and nothing else of Rasa.
_OF_RASAS_CHANNELS: Final = frozenset(
    """
    aio_pika aiogram apscheduler boto3 botocore bson fbmessenger gridfs mattermostwrapper
    prompt_toolkit pymongo questionary redis rocketchat_API slack_sdk webexteamssdk
    """.split()
)
#: Packages of components that do without TensorFlow: Loket's, and what is in every graph of Rasa.
_OWN: Final = ("bot.", "rasa.graph_components.", "rasa.core.policies.ensemble.")
#: Rasa's components that do without, by the names of their classes (rasa 3.6). Any other is taken
#: to need TensorFlow, as are an assistant's own.
_WITHOUT: Final = frozenset(
    """
    MemoizationPolicy AugmentedMemoizationPolicy RulePolicy
    WhitespaceTokenizer JiebaTokenizer MitieTokenizer SpacyTokenizer
    RegexFeaturizer LexicalSyntacticFeaturizer CountVectorsFeaturizer MitieFeaturizer
    SpacyFeaturizer MitieNLP SpacyNLP
    KeywordIntentClassifier FallbackClassifier LogisticRegressionClassifier MitieIntentClassifier
    SklearnIntentClassifier RegexMessageHandler
    CRFEntityExtractor DucklingEntityExtractor EntitySynonymMapper MitieEntityExtractor
    RegexEntityExtractor SpacyEntityExtractor
    """.split()
)


def needing_tensorflow(components: Iterable[str]) -> tuple[str, ...]:
    """Those components that need TensorFlow, in order of their names.

    Args:
        components: names as in `config.yml`: a class of Rasa's, or a module and a class.
    """
    return tuple(sorted({name for name in components if not _does_without(name)}))


def _does_without(component: str) -> bool:
    module, _, name = component.rpartition(".")
    if component.startswith(_OWN):
        return True
    return name in _WITHOUT and (not module or module.startswith("rasa."))


def keep_tensorflow_out(components: Collection[str], *, wanted: bool = False) -> bool:
    """Puts a stand-in in TensorFlow's place, if these components do without it.

    Call it before Rasa is imported; afterwards it changes nothing. Nor does a second call, so the
    first one names all components that the process is to load.

    Args:
        components: as for `needing_tensorflow`; none at all are not known, and keep the real one.
        wanted: whether the assistant asks for the real one in any case.

    Returns:
        Whether TensorFlow is kept out of this process.
    """
    if any(isinstance(each, _Finder) and each.packages == _TENSORFLOW for each in sys.meta_path):
        return True
    because = needing_tensorflow(components)
    if wanted or because or not components:
        reasons = "LOKET_TENSORFLOW" if wanted else ", ".join(because) or "unknown components"
        log.info("tensorflow_is_loaded", needed_by=reasons)
        return False
    if "tensorflow" in sys.modules or not fits(rasa_versions.STAND_INS):
        return False
    # spaCy's thinc asks TensorFlow for graphics cards, and would take an empty answer for one; this
    # makes its import fail.
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("thinc.compat")
    finally:
        del sys.modules["tensorflow"]
    sys.meta_path.insert(0, _Finder(_TENSORFLOW))
    return True


@contextmanager
def lean_import() -> Iterator[None]:
    """Imports Rasa within this without the libraries of its channels, databases and shell.

    What imports one of them later gets the real one. A library that is there already stays.
    """
    if "rasa.core.channels" in sys.modules or not fits(rasa_versions.STAND_INS):
        yield
        return
    absent = frozenset(each for each in _OF_RASAS_CHANNELS if each not in sys.modules)
    finder = _Finder(absent)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [each for each in sys.modules if each.partition(".")[0] in absent]:
            del sys.modules[name]


class _AnyName(type):
    """A class whose every attribute is a class, as are those of the module it stands in."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class Nothing(metaclass=_AnyName):
    """What every name of a stand-in is: may be named, inherited from and put over a function."""

    def __new__(cls, *given: object, **options: object) -> Nothing:  # noqa: ARG004 - takes anything
        """Makes nothing: what calls it would compute with it.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(
            f"{cls.__name__} needs a library that Loket has kept out of this process, because no "
            "component of config.yml is known to use it. LOKET_TENSORFLOW=yes loads TensorFlow "
            "all the same."
        )


class _Module(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Finder(MetaPathFinder, Loader):
    """Finds every module of the packages that are replaced."""

    def __init__(self, packages: frozenset[str]) -> None:
        self.packages = packages

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - an interface of importlib
        target: ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self.packages:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Does nothing: the names come when they are asked for."""
