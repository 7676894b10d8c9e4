"""Trains a model with Rasa's own graph, without its cache, telemetry and chatter.

Rasa's cache compares configuration and data but not the code of components, so it would keep what
an older version of a component made; Loket's fingerprint (`bot.ops.train`) decides instead.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import tarfile
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.caching import TrainingCache
from rasa.engine.exceptions import (
    GraphComponentException,
    GraphSchemaException,
    GraphSchemaValidationException,
)
from rasa.engine.graph import (
    ExecutionContext,
    GraphModelConfiguration,
    GraphNodeHook,
    GraphSchema,
)
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import (
    MODEL_ARCHIVE_COMPONENTS_DIR,
    LocalModelStorage,
)
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.engine.training.graph_trainer import GraphTrainer
from rasa.engine.training.hooks import TrainingHook
from rasa.engine.validation import validate
from rasa.model_training import get_unresolved_slots
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import TrainingType
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter

from bot.core import safeguard_check, written_faults
from bot.core.content_doubts import doubts
from bot.core.content_errors import explain
from bot.core.encoder import remembering
from bot.core.generated_content import refuse_unread
from bot.core.importer import ContentProblems
from bot.core.project import project
from bot.core.rasa_patches import keep_as_json
from bot.core.rasa_versions import TRAINED_MODEL, fits
from bot.core.safeguard_model import graph_problems
from bot.core.training_listener import TrainingListener, content_warnings
from bot.core.unreadable_domain import guilty_part
from bot.errors import ConfigurationError

_STARTED = re.compile(r"Starting to train component '(\w+)'")
_CONTENT_ERRORS = (
    RasaException,
    GraphSchemaException,
    GraphSchemaValidationException,
)


def train(root: Path, archive: Path, listener: TrainingListener) -> None:
    """Trains on `config.yml`, `domain.yml` and `data/` of a project.

    Args:
        root: folder of the project.
        archive: file to write, ending in `.tar.gz`.
        listener: told in this thread as each component begins, and of each warning, once.

    Raises:
        ConfigurationError: the content is wrong; the message says what and, where Rasa knows it,
            in which file and line.
    """
    fits(TRAINED_MODEL)
    token = project.set(root)
    with _quiet(), content_warnings(listener, root), remembering():
        try:
            written_faults.check(root)
            importer = _content(root)
            configuration = _graph(importer)
            safeguard_check.check(root)
            stories = importer.get_stories()
            refuse_unread(root, {step.block_name for step in stories.story_steps})
            schema = configuration.predict_schema
            for doubt in doubts(root, importer.get_domain(), stories, schema):
                listener.warn(doubt)
            graph = graph_problems("config.yml", schema)
            safeguard_check.refuse(tuple(graph))
            with _steps(configuration, listener), tempfile.TemporaryDirectory() as folder:
                GraphTrainer(_Storage(Path(folder)), _NoCache(), _UncachedRunner).train(
                    configuration, importer, archive, force_retraining=True
                )
        except ContentProblems as error:
            raise ConfigurationError(f"No model was trained. {error}") from error
        except _CONTENT_ERRORS as error:
            raise ConfigurationError(explain(error, root)) from error
        except GraphComponentException as error:
            # Rasa wraps what a component raises; a fault of the content is underneath.
            if isinstance(error.__cause__, ConfigurationError):
                raise error.__cause__ from error
            if isinstance(error.__cause__, _CONTENT_ERRORS):
                raise ConfigurationError(explain(error.__cause__, root)) from error
            raise
        finally:
            project.reset(token)


def _content(root: Path) -> TrainingDataImporter:
    importer = TrainingDataImporter.load_from_config(
        str(root / "config.yml"), str(root / "domain.yml"), [str(root / "data")]
    )
    domain, stories = _read(importer, root)
    if domain.is_empty():
        raise ConfigurationError("domain.yml is empty: it must list intents and responses.")
    if unknown := get_unresolved_slots(domain, stories):
        raise ConfigurationError(
            f"Stories or rules in data/ set {', '.join(sorted(unknown))}, which domain.yml does "
            "not list under slots. Add it there, or mend the spelling."
        )
    return importer


def _read(importer: TrainingDataImporter, root: Path) -> tuple[Domain, StoryGraph]:
    try:
        return importer.get_domain(), importer.get_stories()
    except (*_CONTENT_ERRORS, ConfigurationError):
        raise
    except Exception as error:
        # Rasa compares and converts some values unseen: a number in quotes raises a TypeError.
        if guilty := guilty_part(root / "domain.yml"):
            raise ConfigurationError(f"No model was trained. {guilty}") from error
        raise


def _graph(importer: TrainingDataImporter) -> GraphModelConfiguration:
    config: dict[str, Any] = importer.get_config()
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    config, _, _ = recipe.auto_configure(
        importer.get_config_file_for_auto_config(), config, TrainingType.BOTH
    )
    configuration = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.BOTH)
    validate(configuration)
    return configuration


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Rasa's progress bars, print-outs and deprecation warnings away from the terminal."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        for category in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", category)
        # Its "error running component" says less than the error that follows.
        logging.getLogger("rasa.engine.graph").disabled = True
        try:
            yield
        finally:
            logging.getLogger("rasa.engine.graph").disabled = False


@contextlib.contextmanager
def _steps(configuration: GraphModelConfiguration, listener: TrainingListener) -> Iterator[None]:
    """Turns the log lines of Rasa's training into steps."""
    nodes = configuration.train_schema.nodes.values()
    handler = _StepHandler(sum(node.is_target and not node.is_input for node in nodes), listener)
    logger = logging.getLogger("rasa.engine.training.hooks")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


class _StepHandler(logging.Handler):
    def __init__(self, total: int, listener: TrainingListener) -> None:
        super().__init__(logging.INFO)
        self._total = total
        self._count = 0
        self._listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        if started := _STARTED.search(record.getMessage()):
            self._count += 1
            self._listener.step(self._count, self._total, started[1])


class _Storage(LocalModelStorage):
    """Rasa's, with an archive that is not compressed.

    Weights compress by a tenth. For that Rasa took two seconds of each training, and it takes half
    a second of each start, because it reads an archive twice.
    """

    def create_model_package(
        self,
        model_archive_path: str | Path,
        model_configuration: GraphModelConfiguration,
        domain: Domain,
    ) -> ModelMetadata:
        """Writes the archive; anything that reads Rasa's reads it too."""
        metadata = self._create_model_metadata(domain, model_configuration)
        keep_as_json(self._storage_path)
        with (
            tempfile.TemporaryDirectory() as folder,
            tarfile.open(model_archive_path, "w:gz", compresslevel=0) as archive,
        ):
            self._persist_metadata(metadata, Path(folder))
            archive.add(folder, "")
            archive.add(self._storage_path, MODEL_ARCHIVE_COMPONENTS_DIR)
        return metadata


class _UncachedRunner(DaskGraphRunner):
    """Rasa's, without the hook that fills its cache.

    That works out a fingerprint of each component's input and output, message by message and event
    by event: a tenth of a training, for a cache that keeps nothing.
    """

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> DaskGraphRunner:
        """As Rasa's own."""
        kept = [hook for hook in hooks or () if not isinstance(hook, TrainingHook)]
        return super().create(graph_schema, model_storage, execution_context, kept)


class _NoCache(TrainingCache):
    """Keeps nothing: each training starts from the content."""

    def cache_output(
        self,
        fingerprint_key: str,
        output: Any,
        output_fingerprint: str,
        model_storage: ModelStorage,
    ) -> None:
        """Keeps nothing."""

    def get_cached_output_fingerprint(self, fingerprint_key: str) -> str | None:
        """Nothing is kept."""

    def get_cached_result(
        self, output_fingerprint_key: str, node_name: str, model_storage: ModelStorage
    ) -> None:
        """Nothing is kept."""
