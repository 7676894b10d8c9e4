"""Starts the processes in which Rasa trains and answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_THREADS = (
    "MKL_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_INTER_OP_PARALLELISM_THREADS",
    "TF_INTRA_OP_PARALLELISM_THREADS",
)

#: Chooses the intent of a message from words, letters and meaning.
OURS = """\
recipe: default.v1
assistant_id: bench
language: nl
pipeline:
  - name: bot.core.components.classifier.SentenceClassifier
"""


def rasa_default(epochs: int) -> str:
    """Rasa's default pipeline, but for its epochs (own: 100) and what this data has nothing for.

    That is the ResponseSelector and the EntitySynonymMapper.
    """
    return f"""\
recipe: default.v1
assistant_id: bench
language: nl
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
    random_seed: 1
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""


def child(what: str, job: Mapping[str, Any], folder: Path, cores: Iterable[int]) -> Any:
    """Lets `child.py` do a job in a process of its own, on these cores.

    Raises:
        SystemExit: it failed; its last lines are in the message.
    """
    use = sorted(cores)
    path = folder / f"{what}.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    environment = {
        **os.environ,
        **dict.fromkeys(_THREADS, str(len(use))),
        "BENCH_CORES": ",".join(map(str, use)),
        "RASA_TELEMETRY_ENABLED": "false",
        # What was trained before may not make a training look fast.
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    command = [sys.executable, str(Path(__file__).with_name("child.py")), what, str(path)]
    with subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            _, errors = process.communicate()
        except BaseException:
            process.send_signal(signal.SIGTERM)
            raise
    if process.returncode != 0:
        last = "\n".join(errors.splitlines()[-40:])
        raise SystemExit(f"{what} failed with code {process.returncode}:\n{last}")
    return json.loads(path.with_suffix(".answer").read_text(encoding="utf-8"))
