"""The confusion matrix and the reliability diagram, as pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from scores import Predicted, bins, calibration_error


def confusion(rows: Sequence[Predicted], title: str, path: Path) -> None:
    """Which intent is taken for which: shades are shares of a row, figures are counts."""
    names = sorted({row.right for row in rows} | {row.intent for row in rows})
    place = {name: index for index, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for (right, found), count in Counter((row.right, row.intent) for row in rows).items():
        counts[place[right], place[found]] = count
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(6.0, 0.29 * len(names) + 4.0)
    figure, axes = plt.subplots(figsize=(side, side))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts > 0):
        axes.text(
            column,
            row,
            f"{counts[row, column]:.0f}",
            ha="center",
            va="center",
            fontsize=7,
            # The diagonal is expected; what stands beside it is to be seen.
            color="white" if shares[row, column] > 0.5 else "black" if row == column else "crimson",
        )
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xticks(np.arange(-0.5, len(names)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(names)), minor=True)
    axes.grid(which="minor", color="0.9", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("predicted")
    axes.set_ylabel("right")
    axes.set_title(title)
    figure.savefig(path, dpi=110, bbox_inches="tight")
    plt.close(figure)


def reliability(models: Mapping[str, Sequence[Predicted]], path: Path) -> None:
    """How often each confidence comes true, beside how many messages have it."""
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(7, 8), sharex=True, gridspec_kw={"height_ratios": [3, 1]}
    )
    upper.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as it should be")
    for index, (name, rows) in enumerate(models.items()):
        steps = bins(rows)
        label = f"{name} (error {calibration_error(rows):.3f})"
        confidence = [step.confidence for step in steps]
        upper.plot(confidence, [step.right for step in steps], marker="os^"[index % 3], label=label)
        lower.plot(confidence, [step.count for step in steps], marker="os^"[index % 3])
    upper.set_ylabel("share that is right")
    upper.set_ylim(0, 1.02)
    upper.set_title("How far a confidence can be believed")
    upper.legend(loc="upper left")
    lower.set_ylabel("messages")
    lower.set_xlabel("confidence")
    lower.set_xlim(0, 1.02)
    for axes in (upper, lower):
        axes.grid(color="0.92")
    figure.savefig(path, dpi=110, bbox_inches="tight")
    plt.close(figure)
