"""The words that an Embedding has put near a word: those whose learned vectors point the same way."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.embedding import nearest
from lib.data.text import SPECIAL, UNKNOWN_ID, tokenise
from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.inside.bars import bars
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.results.run_answers import prepared

_WORD: Key[str | None] = Key("near_word", None)
_EXAMPLE = "good"
_MOST_CHARACTERS = 40
_SHOWN = 10


def near_words(run: RunSnapshot, table: NDArray[Any]) -> None:
    """Let a person choose a word, and show those nearest to it.

    Args:
        run: one on sentences.
        table: the Embedding's, `(words, features)`.

    Raises:
        DataError: the sentences cannot be read.
    """
    reading = prepared(run).reading
    if reading is None:
        raise TypeError(f"{run.spec.data.dataset} has no sentences")
    place = Place(_WORD.name, "word", _EXAMPLE)
    shown = place.shown(_WORD.get(), lambda text: text[:_MOST_CHARACTERS])
    pin(_WORD.name, shown)
    typed = st.text_input("Word", shown, max_chars=_MOST_CHARACTERS, key=_WORD.name) or ""
    tokens = tokenise(place.written(typed))
    number = reading.vocabulary.encode(tokens[:1])[0] if tokens else UNKNOWN_ID
    known = min(len(reading.vocabulary), len(table))
    if not len(SPECIAL) <= number < known:
        st.info(lessons.text("inside.no_such_word", word=words.escaped(typed)), icon=":material/edit:")
        return
    vectors = np.asarray(table[:known], np.float32)
    near, cosines = nearest(vectors, number, _SHOWN, len(SPECIAL))
    names = [reading.vocabulary.word(int(each)) for each in near]
    lessons.show("inside.near_words", word=words.escaped(tokens[0]), words=f"{known - len(SPECIAL):,}")
    bars(names, cosines, "near_words_bars", one_sided=True)
    st.caption(lessons.text("inside.near_words_said"))
