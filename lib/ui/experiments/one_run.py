"""What the owner of one run may do with it: give it another name, write about it, keep or delete it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.engine.runs.notes import MOST_NOTE, MOST_TAG, MOST_TAGS, MOST_TITLE
from lib.engine.runs.scores import Score
from lib.errors import DataError, SetUpError
from lib.ui.experiments.ways import ways
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.kit.spoiled import spoiled_notice
from lib.ui.results.keeping import keeping
from lib.ui.session import visitor
from lib.ui.session.engine import engine, find_run

_TITLE, _TAGS, _NOTE = Key("score_title", ""), Key("score_tags", ""), Key("score_note", "")
_SHOWN: Key[tuple[str, ...]] = Key("score_shown", ())
"""The run and its texts that the fields were filled with: what was refused stays in its field, to be made shorter."""
_TROUBLE = Key("score_trouble", "")


def one_run(score: Score, leave: Callable[[], None]) -> None:
    """Show a run's fields.

    Args:
        score: the run.
        leave: called when it was deleted.
    """
    lessons.show("experiments_table.one", title=words.escaped(score.title))
    spoiled_notice(score.spec.data)
    ways(score)
    texts = {_TITLE: score.title, _TAGS: " ".join(score.tags), _NOTE: score.note}
    if _SHOWN.get() != (score.id, *texts.values()):
        for key, text in texts.items():
            key.set(text)
        _SHOWN.set((score.id, *texts.values()))
    left, right = st.columns(2)
    write = engine().notes
    with left:
        st.text_input("Name", score.title, MOST_TITLE, key=_TITLE.name, on_change=_save,
                      args=(_TITLE, write.rename, score.id))  # fmt: skip
        st.text_input("Tags", texts[_TAGS], MOST_TAGS * (MOST_TAG + 1), key=_TAGS.name, on_change=_save,
                      args=(_TAGS, write.tag, score.id),
                      help=lessons.text("experiments_table.tags", most=MOST_TAGS))  # fmt: skip
    with right:
        st.text_area("Note", score.note, max_chars=MOST_NOTE, key=_NOTE.name, on_change=_save,
                     args=(_NOTE, write.note, score.id),
                     help=lessons.text("experiments_table.note", most=MOST_NOTE))  # fmt: skip
    trouble = _TROUBLE.take()
    if trouble:
        st.error(words.escaped(trouble), icon=":material/error:")
    run = find_run(score.id)
    if run is not None:
        keeping(run, leave)


def _save(field: Key[str], write: Callable[[str, str, str], None], run_id: str) -> None:
    try:
        write(run_id, visitor.owner(), field.get())
    except (DataError, SetUpError) as error:
        _TROUBLE.set(str(error))
