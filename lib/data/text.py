"""From a sentence to the row of numbers that a network reads: tokens, ids, padding."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

End = Literal["pre", "post"]
PADDING_ID, UNKNOWN_ID = 0, 1
PADDING_WORD, UNKNOWN_WORD = "[PAD]", "[UNK]"  # no token has a bracket
SPECIAL = (PADDING_WORD, UNKNOWN_WORD)
_MOST_MARKS = 30


class _WordCharacters(dict[int, int]):
    """For `str.translate`: letters, marks, digits and apostrophes stay; everything else becomes a space."""

    def __missing__(self, code: int) -> int:
        # Not stored: a sentence can bring a million different characters.
        return code if unicodedata.category(chr(code))[0] in "LMN" else ord(" ")


_WORD_CHARACTERS = _WordCharacters({code: code if chr(code).isalnum() else ord(" ") for code in range(128)})
_WORD_CHARACTERS |= {ord("'"): ord("'"), ord("’"): ord("'"), 0xFE0F: ord(" ")}  # U+FE0F colours the symbol before it


def composed(text: str) -> str:
    """A text in which a letter and its marks are one character wherever there is one for them (Unicode's NFC).

    Of many marks on one letter the first 30 stay, as in Unicode's Stream-Safe Text Format: to put a long run of them
    in order, Python takes a time that grows with the square of its length.

    >>> len("é"), len(composed("e\u0301"))
    (1, 1)
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept))


def tokenise(text: str) -> list[str]:
    """Cut a text into lower-case words.

    A word is a run of letters (of any alphabet, with their marks) and digits; apostrophes stay inside a word.
    Punctuation, symbols and emoji are dropped. A script without spaces gives one word for each run.

    Args:
        text: any text; time and result grow with its length, nothing else.

    >>> tokenise("It's NOT the director’s 'best' film... 10/10 😀")
    ["it's", 'not', 'the', "director's", 'best', 'film', '10', '10']
    """
    spaced = composed(text.casefold()).translate(_WORD_CHARACTERS).replace("''", " ")
    return [word for run in spaced.split() if (word := run.strip("'"))]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a model knows; id 0 is padding, id 1 any unknown word, id 2 the first of `words`.

    Attributes:
        words: the most frequent first.

    Raises:
        ValueError: a word is there twice.
    """

    words: tuple[str, ...]
    _ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ids = {word: number for number, word in enumerate(self.words, len(SPECIAL))}
        if len(ids) < len(self.words):
            twice = next(word for word, times in Counter(self.words).items() if times > 1)
            raise ValueError(f"the word {twice!r} is in the vocabulary twice")
        object.__setattr__(self, "_ids", ids)

    def __len__(self) -> int:
        """Number of ids, padding and unknown included: `input_dim` of an Embedding."""
        return len(SPECIAL) + len(self.words)

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """The id of each token.

        >>> Vocabulary(("the", "film")).encode(["the", "best", "film"])
        [2, 1, 3]
        """
        return [self._ids.get(token, UNKNOWN_ID) for token in tokens]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """The word of each id.

        Raises:
            ValueError: there is no such id.

        >>> Vocabulary(("the", "film")).decode([0, 2, 1, 3])
        ['[PAD]', 'the', '[UNK]', 'film']
        """
        return [self.word(number) for number in ids]

    def word(self, number: int) -> str:
        """The word of one id.

        Raises:
            ValueError: there is no such id.
        """
        if not 0 <= number < len(self):
            raise ValueError(f"there is no id {number}; ids go from 0 to {len(self) - 1}")
        return (*SPECIAL, *self.words)[number] if number < len(SPECIAL) else self.words[number - len(SPECIAL)]


def pad(rows: Sequence[Sequence[int]], length: int, padding: End = "pre", truncating: End = "pre") -> NDArray[np.int32]:
    """Give all rows the same length, as `keras.utils.pad_sequences` does.

    Args:
        rows: ids of each sentence.
        length: ids a row is to have.
        padding: the end where zeros are added to a short row.
        truncating: the end where ids are cut off a long row.

    Returns:
        int32, `(len(rows), length)`.

    Raises:
        ValueError: `length` is below 1, or an end is neither "pre" nor "post".

    >>> pad([[7], [1, 2, 3, 4]], length=3).tolist()
    [[0, 0, 7], [2, 3, 4]]
    >>> pad([[7], [1, 2, 3, 4]], length=3, padding="post", truncating="post").tolist()
    [[7, 0, 0], [1, 2, 3]]
    """
    for name, end in (("padding", padding), ("truncating", truncating)):
        if end not in ("pre", "post"):
            raise ValueError(f"{name} must be 'pre' or 'post', but is {end!r}")
    if length < 1:
        raise ValueError(f"a row needs at least 1 id, but length is {length}")
    padded = np.full((len(rows), length), PADDING_ID, np.int32)
    for target, row in zip(padded, rows, strict=True):
        ids = row[-length:] if truncating == "pre" else row[:length]
        start = length - len(ids) if padding == "pre" else 0
        target[start : start + len(ids)] = ids
    return padded
