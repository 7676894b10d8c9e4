"""Rasa as it comes: its default pipeline and policies, its REST channel, an action server.

The same content as Loket's, trained with fewer epochs than Rasa's 100: what a turn costs does not
depend on them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from figures import Times, on_core
from script import messages

ROOT = Path(__file__).parents[2]
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
    shutil.copy(ROOT / "domain.yml", folder / "domain.yml")
    (folder / "config.yml").write_text(CONFIG.format(epochs=epochs), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    done = subprocess.run(
        [*_rasa("train"), "--quiet"],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stderr[-2000:])
        raise SystemExit("Rasa's default configuration could not be trained.")


def measure(folder: Path, conversations: int, visit: int, long: int, core: int) -> Times:
    """Serves the trained model on one core and talks to it over REST."""
    port, actions = _free_port(), _free_port()
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n", encoding="utf-8"
    )
    with ExitStack() as stack:
        sdk = ["-m", "rasa_sdk", "--actions", "actions", "--port", str(actions)]
        stack.enter_context(_running(sdk, folder, core))
        stack.enter_context(_running(_rasa("run", "--port", str(port))[1:], folder, core))
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120))
        _wait(client)

        def talk(texts: list[str]) -> list[float]:
            sender, took = uuid.uuid4().hex, []
            for text in texts:
                began = time.perf_counter()
                answer = client.post(
                    "/webhooks/rest/webhook", json={"sender": sender, "message": text}
                )
                took.append((time.perf_counter() - began) * 1000)
                answer.raise_for_status()
            return took

        talk(messages(visit))
        many = [took for _ in range(conversations) for took in talk(messages(visit))]
        lasting = talk(messages(long))
        began = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(talk, [messages(visit)] * conversations))
        throughput = conversations * visit / (time.perf_counter() - began)
    return Times(tuple(many), tuple(lasting), throughput)


def _rasa(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "rasa", *arguments]


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


@contextmanager
def _running(arguments: list[str], folder: Path, core: int) -> Iterator[None]:
    with (folder / "servers.log").open("ab") as log:
        process = subprocess.Popen(
            [*on_core(core), *arguments],
            cwd=folder,
            env=_environment(folder),
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            if client.post(
                "/webhooks/rest/webhook", json={"sender": "first", "message": "hoi"}
            ).json():
                return
        except (httpx.TransportError, ValueError):
            pass
        time.sleep(0.5)
    raise SystemExit("Rasa's server did not answer within four minutes.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
