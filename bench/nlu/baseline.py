"""The plain baseline, outside Rasa: TF-IDF of words and letter groups under a linear SVM."""

from __future__ import annotations

import time
from collections.abc import Sequence

from massive import Example
from scores import Predicted
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


def measure(
    train: Sequence[Example], asked: Sequence[tuple[str, str]]
) -> tuple[float, list[Predicted]]:
    """Fits the baseline and asks it for the intents of texts.

    Args:
        train: the examples.
        asked: texts, each with its right intent.

    Returns:
        Seconds of training; and the predictions, which have neither confidence nor doubt.
    """
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(C=0.5),
    )
    start = time.perf_counter()
    model.fit([example.text for example in train], [example.intent for example in train])
    seconds = time.perf_counter() - start
    rows = []
    for text, right in asked:
        began, busy = time.perf_counter(), time.process_time()
        found = str(model.predict([text])[0])
        took = (time.perf_counter() - began) * 1000
        worked = (time.process_time() - busy) * 1000
        rows.append(Predicted(right, found, 1.0, doubted=False, took=took, worked=worked))
    return seconds, rows
