"""Rasa as it comes: its default pipeline and policies, its REST channel, an action server.

The same content as Loket's, trained with fewer epochs than Rasa's 100: what a turn costs does not
depend on them. The servers stay up, warm, between rounds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import httpx

from bench.measuring.customers import VISIT, messages
from bench.measuring.machine import ROOT
from bench.measuring.neighbours import tree_spent
from bench.turns.cores import on_core
from bench.turns.figures import Round, Took
from bot.core import generated_content
from tests.support.webchat import free_port

#: What `rasa init` and an empty config.yml give in Rasa 3.6, but for the epochs.
CONFIG = """\
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
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: {epochs}
    constrain_similarities: true
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: {epochs}
  - name: TEDPolicy
    max_history: 5
    epochs: {epochs}
    constrain_similarities: true
"""


def train(folder: Path, epochs: int) -> None:
    """Trains on the project's content; the model appears in `folder`/models.

    Raises:
        SystemExit: Rasa could not.
    """
    for name in ("nlu", "rules", "stories"):
        shutil.copytree(ROOT / "data" / name, folder / "data" / name)
    # What Loket's importer makes of the tasks stands here in files, as it would without Loket.
    made = generated_content.read(ROOT)[1]
    _write(folder / "domain.yml", made.domain)
    _write(folder / "data" / "rules" / "made.yml", {"version": "3.1", "rules": list(made.rules)})
    (folder / "config.yml").write_text(CONFIG.format(epochs=epochs), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "train", "--quiet"],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stderr[-2000:] or done.stdout[-2000:])
        raise SystemExit("Rasa's default configuration could not be trained.")


class RasaServers:
    """The trained model served on one core, with its action server; use it in a `with`."""

    def __init__(self, folder: Path, core: int) -> None:
        """Starts nothing yet; `folder` is where `train` trained."""
        self._folder = folder
        self._core = core
        self._port = free_port()
        self._pids: list[int] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        actions = free_port()
        (self._folder / "endpoints.yml").write_text(
            f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n", encoding="utf-8"
        )
        self._start("run", "actions", "--port", str(actions))
        self._start("run", "--port", str(self._port))
        self._client = self._stack.enter_context(
            httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=120)
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def wait(self) -> None:
        """Until both answer and are warm.

        Raises:
            SystemExit: they did not within some minutes.
        """
        deadline = time.monotonic() + 240
        while not self._answers():
            if time.monotonic() > deadline:
                log = (self._folder / "servers.log").read_text(encoding="utf-8")
                raise SystemExit(f"Rasa did not answer within four minutes:\n{log[-2000:]}")
            time.sleep(0.5)
        self.round(2, 0)

    def round(self, conversations: int, long: int) -> Round:
        """One round; without a long conversation when `long` is 0."""
        used = sum(tree_spent(pid) for pid in self._pids)
        visit = messages(len(VISIT))
        many = [took for _ in range(conversations) for took in self._talk(visit)]
        cpu_mean = (sum(tree_spent(pid) for pid in self._pids) - used) * 1000 / len(many)
        lasting = self._talk(messages(long))
        began = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self._talk, [visit] * conversations))
        throughput = conversations * len(visit) / (time.perf_counter() - began)
        return Round(Took(tuple(many)), cpu_mean, Took(tuple(lasting)), Took(), throughput)

    def _talk(self, texts: list[str]) -> list[float]:
        """A new customer's messages, one at a time: milliseconds of each."""
        sender, took = uuid.uuid4().hex, []
        for text in texts:
            began = time.perf_counter()
            answer = self._client.post(
                "/webhooks/rest/webhook", json={"sender": sender, "message": text}
            )
            took.append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
        return took

    def _answers(self) -> bool:
        try:
            answer = self._client.post(
                "/webhooks/rest/webhook", json={"sender": "first", "message": "hoi"}
            )
            return bool(answer.json())
        except (httpx.TransportError, ValueError):
            return False

    def _start(self, *arguments: str) -> None:
        log = self._stack.enter_context((self._folder / "servers.log").open("ab"))
        process = subprocess.Popen(
            [*on_core(self._core), "-m", "rasa", *arguments],
            cwd=self._folder,
            env=_environment(self._folder),
            stdout=log,
            stderr=log,
            # Sanic, when it gives up, kills the whole group of processes that it is in.
            start_new_session=True,
        )
        self._pids.append(process.pid)
        self._stack.callback(_stop, process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _write(path: Path, content: object) -> None:
    # JSON is YAML too.
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOKET_ROOT": str(ROOT),
        "LOKET_VAR_DIR": str(folder / "var"),
    }
