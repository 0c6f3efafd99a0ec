"""The session's memory, as far as two modules share it: one table of keys, each with its type and its default.

A key that only one module uses stands in that module and begins with an underscore. `tests/ui/session/test_state.py`
holds both rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.specs.run import RunSpec
from lib.ui.kit.key import Key


@dataclass(frozen=True)
class Draft:
    """The run being designed on the Build page.

    Attributes:
        ids: a number for each layer, which it keeps wherever it is moved.
    """

    spec: RunSpec
    ids: tuple[int, ...]


# --- Build: the draft and its address ------------------------------------------------------------------------------

DRAFT: Key[Draft | None] = Key("draft", None)
"""The draft, None before the first look at it. `session.draft` alone writes it."""

EDITED = Key("draft_edited", False)
"""Whether a person has changed the draft since the page was drawn last. `session.draft` sets it with each change;
`session.address` takes it, because the draft is then newer than the address."""

# --- Build, Results and the sidebar: which run ---------------------------------------------------------------------

ATTACHED_RUN = Key("run", "")
"""Id of the run that Build follows. `session.draft` writes it: Train starts one, an address may name one."""

STEERED_RUN = Key("steered_run", "")
"""Id of the run under way that this visitor may steer. `pages/build.py` writes it at each drawing; the callback of the
learning rate reads it."""

CHOSEN_RUN = Key("results_run", "")
"""Id of the run that Results and Inside show. Their pickers write it, and so does `session.past_runs`; `session.draft`
drops it when Build follows a run."""

# --- Results -------------------------------------------------------------------------------------------------------

SAMPLE = Key("sample", 0)
"""Number of the test sample that is followed through the layers. Its number field writes it, and so do a click on a
sample of the confusion matrix and one on a sample of the list."""

LOOKED_AT: Key[int | None] = Key("look_inside_with", None)
"""Number of the test sample to open Inside with. "Look inside" at a sample writes it; the input there takes it."""

# --- Experiments ---------------------------------------------------------------------------------------------------

EXPERIMENT_A: Key[RunSpec | None] = Key("experiment_a", None)
"""What is compared; None for Build's draft. `session.comparing` writes it, and so does the page's list."""

EXPERIMENT_B: Key[RunSpec | None] = Key("experiment_b", None)
"""What it is compared with; None while that follows from the change chosen on the page. `session.comparing` writes it;
the page drops it when a person chooses a change."""

ASKED_KIND = Key("experiment_kind_asked", "")
"""The kind of experiment whose form is wanted, by its id. `session.comparing` writes it; the page takes it."""

FIRST_SEED: Key[int | None] = Key("first_seed_asked", None)
"""The seed of the first pair of a comparison that was set up elsewhere. `session.comparing` writes it; the page takes
it."""

CHOSEN_EXPERIMENT = Key("experiment", "")
"""Id of the experiment that is shown, "" for the form of a new one. The page writes it; `session.comparing` drops
it."""

# --- Learn ---------------------------------------------------------------------------------------------------------

STRIDE = Key("stride", 1)
"""Pixels from one window to the next. The sliders of Convolution and of Pooling write it: it goes along from page to
page, and stands in the address of both."""
