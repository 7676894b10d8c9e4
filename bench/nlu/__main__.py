"""How well and how fast intents are understood, beside Rasa: `make bench-nlu DATA=...`.

Trains Loket's classifier and Rasa's default pipeline on MASSIVE in Dutch, both by Rasa's own
training, asks both for the intents of the test part, and prints a table. Pictures: results/nlu.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import baseline  # noqa: E402 - found by the line above
import drawing  # noqa: E402 - as above
import massive  # noqa: E402 - as above
from massive import WHAT_IT_NEEDS, Example  # noqa: E402 - as above
from running import OURS, child, rasa_default  # noqa: E402 - as above
from scores import Predicted  # noqa: E402 - as above
from table import Measured, table  # noqa: E402 - as above

RESULTS = ROOT / "results" / "nlu"
#: Training on so many examples of each intent, this often, each time with others.
FEW, SEEDS = 8, 5

LOKET, RASA, PLAIN = "Loket", "Rasa's default", "TF-IDF, linear SVM"


def main() -> None:
    """Measures, prints and draws."""
    given = _arguments()
    if given.data is None:
        raise SystemExit(WHAT_IT_NEEDS)
    # Read first: an hour later is no time to hear that a file is missing.
    train, asked = massive.read(given.data, "train"), massive.read(given.data, given.part)
    if given.quick:
        train, asked = massive.few(train, FEW, seed=0), massive.few(asked, 4, seed=0)
    epochs = 0 if given.quick else given.epochs
    with tempfile.TemporaryDirectory() as folder:
        measured = _measure(train, asked, Path(folder), epochs, quick=given.quick)
    used = f"the {given.part} part ({len(asked)} messages), trained on {len(train)} examples"
    head = [f"MASSIVE nl-NL, {used}."]
    if given.part == "test":
        head.append(
            "The test part is used here alone: no weight, threshold or choice comes from it. "
            "It was asked for the first version's figures and again for these."
        )
    if epochs:
        head.append(f"Rasa's default pipeline: {epochs} epochs of DIET (its own default is 100).")
    text = "\n".join([*head, "", *table(measured)])
    given.results.mkdir(parents=True, exist_ok=True)
    (given.results / "table.md").write_text(text + "\n", encoding="utf-8")
    believed = {name: each.clean for name, each in measured.items() if name != PLAIN}
    drawing.reliability(believed, given.results / "reliability.png")
    title = f"MASSIVE nl-NL {given.part}: which intent Loket takes for which"
    drawing.confusion(measured[LOKET].clean, title, given.results / "confusion.png")
    print(f"\n{text}\n\nPictures: {given.results}/confusion.png and reliability.png")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/nlu",
        description=__doc__,
        epilog=WHAT_IT_NEEDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="folder of MASSIVE nl-NL")
    parser.add_argument("--part", choices=("dev", "test"), default="test", help="what is asked")
    parser.add_argument(
        "--epochs", type=int, default=3, help="of Rasa's DIET (own: 100); 0 leaves Rasa out"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the pictures")
    parser.add_argument(
        "--quick", action="store_true", help="a few examples, Loket only: does the bench work"
    )
    return parser.parse_args()


def _measure(
    train: Sequence[Example], asked: Sequence[Example], folder: Path, epochs: int, *, quick: bool
) -> dict[str, Measured]:
    cores = sorted(os.sched_getaffinity(0))[:2]
    texts = [example.text for example in asked]
    wrongly = massive.mistyped(asked)
    right = [example.intent for example in asked] * 2

    configs = {LOKET: OURS} | ({RASA: rasa_default(epochs)} if epochs else {})
    tasks = {name: _task(folder, f"m{at}", configs[name], train) for at, name in enumerate(configs)}
    trained = {}
    for name, task in tasks.items():
        _say(f"training {name} on {len(train)} examples, {len(cores)} cores ...")
        trained[name] = child("train", {"tasks": [task]}, folder, cores)
    _say(f"asking {2 * len(texts)} messages, one core, one at a time ...")
    models = {name: task["model"] for name, task in tasks.items()}
    found = child("parse", {"models": models, "texts": [*texts, *wrongly]}, folder, cores[-1:])
    answers = {
        name: [Predicted(of, *row) for of, row in zip(right, rows, strict=True)]
        for name, rows in found.items()
    }
    _say(f"training the plain baseline, and both on {FEW} examples an intent, {SEEDS} times ...")
    both = list(zip([*texts, *wrongly], right, strict=True))
    seconds, plain = baseline.measure(train, both)
    answers[PLAIN] = plain
    some = {} if quick else _few_of_each(train, asked, folder, cores)
    memory = {name: each["megabytes"] for name, each in trained.items()}
    took = {name: each["seconds"][0] for name, each in trained.items()} | {PLAIN: seconds}
    busy = {name: each["processor"] for name, each in trained.items()}
    return {
        name: Measured(
            clean=rows[: len(texts)],
            mistyped=rows[len(texts) :],
            few=some.get(name),
            seconds=took[name],
            processor=busy.get(name),
            megabytes=memory.get(name),
        )
        for name, rows in answers.items()
    }


def _few_of_each(
    train: Sequence[Example],
    asked: Sequence[Example],
    folder: Path,
    cores: Sequence[int],
) -> dict[str, float]:
    """Mean per cent right after training on a few examples of each intent."""
    parts = [massive.few(train, FEW, seed) for seed in range(SEEDS)]
    tasks = [_task(folder, f"few{seed}", OURS, part) for seed, part in enumerate(parts)]
    child("train", {"tasks": tasks}, folder, cores)
    models = {str(seed): task["model"] for seed, task in enumerate(tasks)}
    texts = [example.text for example in asked]
    found = child("parse", {"models": models, "texts": texts}, folder, cores)
    asked_of = [(example.text, example.intent) for example in asked]
    plain = [baseline.measure(part, asked_of)[1] for part in parts]
    return {
        LOKET: statistics.fmean(
            100 * statistics.fmean(row[0] == of.intent for row, of in zip(rows, asked, strict=True))
            for rows in found.values()
        ),
        PLAIN: statistics.fmean(
            100 * statistics.fmean(row.is_right for row in rows) for rows in plain
        ),
    }


def _task(folder: Path, name: str, config: str, train: Sequence[Example]) -> Mapping[str, str]:
    (folder / f"{name}.config.yml").write_text(config, encoding="utf-8")
    massive.write(train, folder / f"{name}.nlu.yml")
    return {
        "config": str(folder / f"{name}.config.yml"),
        "data": str(folder / f"{name}.nlu.yml"),
        "model": str(folder / name),
    }


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
