"""Splits a plain text into the encoder's pieces of words (SentencePiece, unigram).

The vocabulary is a tree of letters in arrays: read from a file that is mapped into memory, it costs
nothing at a start, and of its 128,000 pieces only those that are met take memory.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Numbers of the pieces that stand for what is in none, and for a text's begin and end.
UNKNOWN, BEGIN, END = 0, 1, 2
#: Stands for a space, and before the first word.
_SPACE: Final = "\u2581"
#: How much less likely than the least likely piece a character is that is in none.
_UNKNOWN_COST: Final = 10.0


def vocabulary(model: bytes) -> dict[str, NDArray[Any]]:
    """The tree of a SentencePiece model's pieces, as arrays.

    Args:
        model: the file, a protocol buffer whose field 1 is a piece: 1 its text, 2 its score.

    Returns:
        `labels`: the letter (code point) that leads to each node; `children`: where the nodes under
        each begin, one longer; `pieces`: the piece that ends at each, plus one, or 0; `scores`: of
        each piece.
    """
    found = [_piece(model[start:end]) for number, start, end in _fields(model) if number == 1]
    numbers = {text: number for number, (text, _) in enumerate(found)}
    texts = np.array(sorted(numbers))
    lengths = np.char.str_len(texts)
    letters = texts.view(np.uint32).reshape(len(texts), -1)
    ends = np.array([numbers[text] + 1 for text in texts.tolist()], dtype=np.uint32)
    # Level by level: the texts are sorted, so that those with one beginning stand together.
    rows, nodes = np.arange(len(texts)), np.zeros(len(texts), dtype=np.int64)
    labels, parents, pieces = [np.zeros(1, np.uint32)], [], [np.zeros(1, np.uint32)]
    count = 1
    for level in range(letters.shape[1]):
        rows = rows[lengths[rows] > level]
        above, letter = nodes[rows], letters[rows, level]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (above[1:] != above[:-1]) | (letter[1:] != letter[:-1])
        nodes[rows] = count + np.cumsum(new) - 1
        labels.append(letter[new])
        parents.append(above[new])
        ending = np.zeros(int(new.sum()), dtype=np.uint32)
        whole = rows[lengths[rows] == level + 1]
        ending[nodes[whole] - count] = ends[whole]
        pieces.append(ending)
        count += len(ending)
    children = np.searchsorted(np.concatenate(parents), np.arange(count + 1)) + 1
    return {
        "labels": np.concatenate(labels),
        "children": children.astype(np.uint32),
        "pieces": np.concatenate(pieces),
        "scores": np.array([score for _, score in found], dtype=np.float32),
    }


def _piece(data: bytes) -> tuple[str, float]:
    text, score = "", 0.0
    for number, start, end in _fields(data):
        if number == 1:
            text = data[start:end].decode("utf-8")
        elif number == 2:
            (score,) = struct.unpack("<f", data[start:end])
    return text, score


def _fields(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The fields of a protocol buffer: the number of each, and where its value stands."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        end = at
        if key & 7 == 0:
            _, end = _varint(data, at)
        elif key & 7 == 2:
            length, at = _varint(data, at)
            end = at + length
        else:
            end = at + (8 if key & 7 == 1 else 4)
        yield key >> 3, at, end
        at = end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


class Subwords:
    """The vocabulary, ready to split texts."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Takes what `vocabulary` made."""
        # Plain numbers come out of a memoryview four times as fast as out of an array.
        self._labels, self._children, self._pieces, self._scores = (
            memoryview(np.asarray(arrays[name]).data)
            for name in ("labels", "children", "pieces", "scores")
        )
        self._unknown = min(self._scores) - _UNKNOWN_COST

    def numbers(self, text: str) -> list[int]:
        """The numbers of the likeliest pieces of a text, between `BEGIN` and `END`.

        Args:
            text: plain (`bot.dutch.spelling.plain`): ASCII, its words parted by single spaces.
        """
        words = " ".join(text.split())
        pieces = self._likeliest(_SPACE + words.replace(" ", _SPACE)) if words else [UNKNOWN]
        return [BEGIN, *pieces, END]

    def _likeliest(self, text: str) -> list[int]:
        """The pieces that together are the text, with the highest sum of scores.

        `best[at]` is that sum for what stands before `at`, `last[at]` the piece that ends there and
        `begins[at]` where it begins. Of two sums that are equal the longer piece wins.
        """
        labels, children, pieces, scores = self._labels, self._children, self._pieces, self._scores
        letters = list(map(ord, text))
        length = len(letters)
        best = [0.0] + [-1e38] * length
        last, begins = [UNKNOWN] * (length + 1), [0] * (length + 1)
        for start in range(length):
            base, node, is_known = best[start], 0, False
            for end in range(start + 1, length + 1):
                low, high = children[node], children[node + 1]
                letter = letters[end - 1]
                node = bisect_left(labels, letter, low, high)
                if node == high or labels[node] != letter:
                    break
                if piece := pieces[node]:
                    is_known = is_known or end == start + 1
                    if (score := base + scores[piece - 1]) > best[end]:
                        best[end], last[end], begins[end] = score, piece - 1, start
            if not is_known and (score := base + self._unknown) > best[start + 1]:
                best[start + 1], last[start + 1], begins[start + 1] = score, UNKNOWN, start
        found = []
        at = length
        while at:
            found.append(last[at])
            at = begins[at]
        return found[::-1]
