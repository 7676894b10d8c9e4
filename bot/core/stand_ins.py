"""Keeps libraries out of a process that Rasa imports and none of its components uses.

Rasa imports TensorFlow with everything, for the components that learn by it (DIET, TED): ten
seconds and 300 MB. It imports the libraries of its own channels and databases too, which Loket has
others for, and spaCy imports its command line. In their place come stand-ins, whose every name is
an empty class: for TensorFlow as long as the process lives, unless a component is named that needs
the real one; for the others while Rasa and spaCy are imported
(docs/decisions/0090-what-rasa-need-not-import.md).
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
from bot.core.garbage import uncollected
from bot.core.rasa_versions import fits

log = structlog.get_logger(__name__)

#: TensorFlow, and what Rasa imports that imports it.
_TENSORFLOW: Final = frozenset(
    "tensorflow keras tensorflow_addons tensorflow_hub tensorflow_text".split()
)
#: What Rasa's own channels, trackers' databases, brokers, shell and diagrams use, and nothing else.
_OF_RASAS_CHANNELS: Final = frozenset(
    """
    aio_pika aiogram apscheduler boto3 botocore bson fbmessenger gridfs matplotlib mattermostwrapper
    prompt_toolkit pymongo questionary redis rocketchat_API slack_sdk webexteamssdk
    """.split()
)
#: What the thinc of spaCy asks for graphics cards, and for models in TensorFlow's form.
_OF_THINC: Final = ("tensorflow", "h5py")
#: spaCy's command line, which it imports with everything.
_SPACYS_COMMANDS: Final = frozenset({"spacy.cli"})
#: Knows kin of languages for spaCy, when it is asked for one that it does not have.
_LANGUAGES: Final = "langcodes"
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
    # thinc would take an empty answer for a graphics card; this makes its imports fail.
    absent = [each for each in _OF_THINC if each not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        importlib.import_module("thinc.compat")
    finally:
        for each in absent:
            del sys.modules[each]
    sys.meta_path.insert(0, _Finder(_TENSORFLOW))
    return True


@contextmanager
def lean_import() -> Iterator[None]:
    """Imports Rasa within this without the libraries of its channels, databases and diagrams.

    What imports one of them later gets the real one. A library that is there already stays.
    """
    with uncollected():
        if "rasa.core.channels" in sys.modules or not fits(rasa_versions.STAND_INS):
            yield
            return
        with _absent(each for each in _OF_RASAS_CHANNELS if each not in sys.modules):
            yield


@contextmanager
def lean_spacy() -> Iterator[None]:
    """Imports spaCy within this, if it is imported, without its command line.

    Its list of languages comes when it is asked for: one regular expression in it takes longer than
    all of Loket's.
    """
    if "spacy" in sys.modules or not fits(rasa_versions.STAND_INS):
        yield
        return
    with _absent(_SPACYS_COMMANDS), _postponed(_LANGUAGES):
        yield


@contextmanager
def _absent(packages: Iterable[str]) -> Iterator[None]:
    finder = _Finder(frozenset(packages))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in list(filter(finder.replaces, sys.modules)):
            del sys.modules[name]


@contextmanager
def _postponed(name: str) -> Iterator[None]:
    """Who imports a library within this gets it when something of it is asked for."""
    later = sys.modules.setdefault(name, _Postponed(name))
    try:
        yield
    finally:
        if isinstance(later, _Postponed) and sys.modules.get(name) is later:
            del sys.modules[name]


class _Postponed(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]  # it is asked for while it is postponed
        return getattr(importlib.import_module(self.__name__), name)


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

    def replaces(self, name: str) -> bool:
        """Whether a module is one of them, or within one."""
        return any(name == each or name.startswith(f"{each}.") for each in self.packages)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - an interface of importlib
        target: ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> ModuleSpec | None:
        if not self.replaces(fullname):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Does nothing: the names come when they are asked for."""
