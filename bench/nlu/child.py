"""Trains or asks Rasa models in a process of its own, so that time and memory are theirs alone.

`python child.py train JOB` or `python child.py parse JOB`, with JOB a JSON file; the answer is
written beside it. Threads are set by the parent, in the environment.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

#: Messages that a model answers before the clock runs.
WARM_UP = 30
#: Models take turns after so many messages, so that the machine's noise hits each alike.
BLOCK = 100


def train(job: dict[str, Any]) -> dict[str, Any]:
    """Trains each of `tasks` (config, data, model) by Rasa's own training."""
    from rasa.model_training import train_nlu  # noqa: PLC0415 - after the cores were chosen

    seconds = []
    for task in job["tasks"]:
        model = Path(task["model"])
        start = time.perf_counter()
        train_nlu(task["config"], task["data"], str(model.parent), fixed_model_name=model.name)
        seconds.append(time.perf_counter() - start)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": seconds,
        "processor": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
    }


def parse(job: dict[str, Any]) -> dict[str, Any]:
    """What each of `models` makes of each of `texts`: intent, confidence, doubt, times."""
    from rasa.core.agent import Agent  # noqa: PLC0415 - as above

    agents = {name: Agent.load(f"{path}.tar.gz") for name, path in job["models"].items()}
    texts: list[str] = job["texts"]
    found: dict[str, list[Any]] = {name: [] for name in agents}

    async def ask() -> None:
        for agent in agents.values():
            for text in texts[:WARM_UP]:
                await agent.parse_message(text + " nog")
        for start in range(0, len(texts), BLOCK):
            for name, agent in agents.items():
                for text in texts[start : start + BLOCK]:
                    began, busy = time.perf_counter(), time.process_time()
                    answer = await agent.parse_message(text)
                    took = (time.perf_counter() - began) * 1000
                    worked = (time.process_time() - busy) * 1000
                    found[name].append([*_likeliest(answer), took, worked])

    asyncio.run(ask())
    return found


def _likeliest(answer: dict[str, Any]) -> tuple[str, float, bool]:
    """The likeliest intent, its confidence, and whether the model would ask back."""
    best = answer["intent"]
    if best.get("name") != "nlu_fallback":
        return str(best.get("name")), float(best.get("confidence") or 0.0), False
    ranking = [item for item in answer["intent_ranking"] if item["name"] != "nlu_fallback"]
    if not ranking:
        return "", 0.0, True
    return str(ranking[0]["name"]), float(ranking[0]["confidence"]), True


def main() -> None:
    """Does the job."""
    if cores := os.environ.get("BENCH_CORES"):
        os.sched_setaffinity(0, {int(core) for core in cores.split(",")})
    from bot.logs.logging_setup import quiet_libraries  # noqa: PLC0415 - as above

    quiet_libraries()
    warnings.simplefilter("ignore")
    what, path = sys.argv[1], Path(sys.argv[2])
    job = json.loads(path.read_text(encoding="utf-8"))
    answer = {"train": train, "parse": parse}[what](job)
    path.with_suffix(".answer").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
