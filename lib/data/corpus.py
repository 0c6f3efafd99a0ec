"""Texts that were cut into words once. Which word stands where is a number, so choosing words and making rows is quick.

Everything is an array: from a file these are mapped, and a process needs memory only for the parts that it looks at.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.text import PADDING_ID, SPECIAL, UNKNOWN_ID, End, Vocabulary, tokenise

_TEXTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Strings:
    """Many strings in one array; each is decoded when it is asked for.

    Attributes:
        content: all of them in UTF-8, one behind the other, uint8.
        ends: where each one ends, int64, `(strings,)`.
    """

    content: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @staticmethod
    def of(strings: Iterable[str]) -> Strings:
        """Pack strings.

        >>> list(Strings.of(["a", "", "bé"]))
        ['a', '', 'bé']
        """
        packed = [string.encode() for string in strings]
        ends = np.cumsum([len(one) for one in packed], dtype=np.int64)
        return Strings(np.frombuffer(b"".join(packed), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self):
            raise IndexError(f"there is no string {place}; there are {len(self)}")
        start = self.ends[place - 1] if place else 0
        return bytes(self.content[start : self.ends[place]]).decode()

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Texts, what people thought of them, and their words.

    Attributes:
        texts: as they were written: first those to train with, then those to test with.
        ratings: of each text, float32, `(texts,)`; the sign is its label.
        train: how many of the texts are there to train with.
        lexicon: every word of all texts, in alphabetical order.
        ids: of each word of each text its place in the lexicon, int32, one text behind the other.
        ends: where each text ends in `ids`, int64, `(texts,)`.
    """

    texts: Strings
    ratings: NDArray[np.float32]
    train: int
    lexicon: Strings
    ids: NDArray[np.int32]
    ends: NDArray[np.int64]

    def spans(self, places: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where some texts begin and end in `ids`."""
        ends = np.asarray(self.ends)
        return np.where(places > 0, ends[places - 1], 0), ends[places]

    def vocabulary(self, places: NDArray[Any], size: int) -> tuple[Vocabulary, NDArray[np.int32]]:
        """The most frequent words of some texts.

        Args:
            places: of texts of the training part. Words of any other would tell the model about its exam.
            size: number of ids, padding and unknown included, at least 2; fewer if there are not so many words.

        Returns:
            Words by frequency, those of the same frequency in alphabetical order; and the id of each word of the
            lexicon, `(words,)`.

        Raises:
            ValueError: `size` is below 2.

        >>> corpus = tokenised(["a good film", "a bad film"], [1, -1], train=2)
        >>> words, ids = corpus.vocabulary(np.arange(2), size=5)
        >>> words.words, list(corpus.lexicon), ids.tolist()
        (('a', 'film', 'bad'), ['a', 'bad', 'film', 'good'], [2, 4, 3, 1])
        """
        if size < len(SPECIAL):
            raise ValueError(f"a vocabulary needs at least 2 ids (padding and unknown), but size is {size}")
        counts = np.zeros(len(self.lexicon), np.int64)
        for first in range(0, len(places), _TEXTS_AT_ONCE):  # some at a time, so that little memory is needed
            starts, ends = self.spans(places[first : first + _TEXTS_AT_ONCE])
            lengths = ends - starts
            before = np.cumsum(lengths) - lengths
            tokens = np.repeat(starts - before, lengths) + np.arange(lengths.sum())
            counts += np.bincount(self.ids[tokens], minlength=len(counts))
        frequent = np.argsort(-counts, kind="stable")[: size - len(SPECIAL)]
        frequent = frequent[counts[frequent] > 0]
        ids = np.full(len(self.lexicon), UNKNOWN_ID, np.int32)
        ids[frequent] = np.arange(len(SPECIAL), len(SPECIAL) + len(frequent))
        return Vocabulary(tuple(self.lexicon[int(place)] for place in frequent)), ids


def tokenised(texts: Sequence[str], ratings: Any, train: int) -> Corpus:
    """Cut texts into words; see `Corpus` for the arguments."""
    numbers: dict[str, int] = {}
    found, ends = array("i"), []
    for text in texts:
        found.extend(numbers.setdefault(word, len(numbers)) for word in tokenise(text))
        ends.append(len(found))
    words = sorted(numbers)
    places = np.empty(len(words), np.int32)
    places[[numbers[word] for word in words]] = np.arange(len(words))
    return Corpus(
        Strings.of(texts), np.asarray(ratings, np.float32), train, Strings.of(words),
        places[np.array(found, np.int32)], np.array(ends, np.int64),
    )  # fmt: skip


class Rows:
    """Rows of ids of equal length, made when they are asked for: `rows[3]`, `rows[10:20]`, `rows[places]`.

    Args:
        corpus: where the texts are.
        places: which of its texts, one row each.
        numbers: the id of each word of its lexicon, see `Corpus.vocabulary`.
        length: ids a row has.
        padding, truncating: the end where zeros are added, and where ids are cut off, as in `lib.data.text.pad`.

    Attributes:
        dtype, ndim, shape: as those of an int32 array `(texts, length)`.
    """

    dtype, ndim = np.dtype(np.int32), 2

    def __init__(
        self, corpus: Corpus, places: NDArray[Any], numbers: NDArray[np.int32], length: int, padding: End,
        truncating: End,
    ) -> None:  # fmt: skip
        self._ids, self._numbers = corpus.ids, numbers
        starts, ends = corpus.spans(places)
        kept = np.minimum(ends - starts, length)
        self._first = ends - kept if truncating == "pre" else starts
        self._kept = kept
        self._offset = length - kept if padding == "pre" else np.zeros_like(kept)
        self.shape = (len(places), length)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> NDArray[np.int32]:
        """Some rows, int32 `(rows, length)`; for one number one row, `(length,)`."""
        first, kept, offset = (part[index, ..., None] for part in (self._first, self._kept, self._offset))
        within = np.arange(self.shape[1]) - offset
        inside = (within >= 0) & (within < kept)
        rows = np.full(inside.shape, PADDING_ID, np.int32)
        rows[inside] = self._numbers[self._ids[(first + within)[inside]]]
        return rows
