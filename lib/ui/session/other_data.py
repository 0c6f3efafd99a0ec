"""Choosing another dataset: what becomes of the layers and the settings, and what a person is told about it."""

from __future__ import annotations

import dataclasses

from lib.specs.adapting import USUAL_SCALING, Carried, adapted, carried
from lib.specs.data import HONEST, DataSpec
from lib.specs.recipes import fitting, matching
from lib.specs.run import RunSpec
from lib.ui.kit.key import Key
from lib.ui.session import draft
from lib.ui.session.state import Draft


@dataclasses.dataclass(frozen=True)
class Notice:
    """What another dataset changed besides the data.

    Attributes:
        what: layers_adapted, layers_replaced or settings_replaced.
        spec: the run that came about. Once it is changed, nobody needs the notice any more.
        added, left_out: kinds of layers, where own layers were adapted.
    """

    what: str
    spec: RunSpec
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


_NOTICE: Key[Notice | None] = Key("draft_notice", None)


def notice() -> Notice | None:
    """What needs saying about the dataset that was chosen just now, or None."""
    found = _NOTICE.get()
    return found if found is not None and found.spec == draft.current().spec else None


def choose_dataset(name: str) -> None:
    """Choose another dataset. A recipe stays, or gives way to one for these data; a person's own layers come along.

    Where they cannot, or where a person's own settings are replaced, `notice` tells.
    """
    before = draft.current()
    data = dataclasses.replace(before.spec.data, dataset=name, size="bundled", samples=0, spoiled=HONEST)
    recipe = matching(before.spec)
    if recipe is None and before.ids:
        _take_own_layers(before, data)
    elif _alike(data, before.spec.data) and recipe is not None and recipe.name in fitting(name):
        draft.change(adapted(before.spec, data), before.ids)
    else:
        own_settings = recipe and adapted(recipe.run, before.spec.data).training != before.spec.training
        _begin_anew(data, "settings_replaced" if own_settings else "")


def _alike(one: DataSpec, other: DataSpec) -> bool:
    return (one.kind, one.input_shape) == (other.kind, other.input_shape)


def _begin_anew(data: DataSpec, what: str) -> None:
    """Take what is usual for the data, and leave a notice unless there is nothing to say."""
    usual = draft.first_of(dataclasses.replace(data, scaling=USUAL_SCALING[data.kind]))
    draft.change(usual)
    if what:
        _NOTICE.set(Notice(what, usual))


def _take_own_layers(before: Draft, data: DataSpec) -> None:
    same_kind = data.kind == before.spec.data.kind
    if not same_kind:
        data = dataclasses.replace(data, scaling=USUAL_SCALING[data.kind])
    come_along = carried(before.spec, data)
    if come_along is None and before.spec.mismatch and same_kind:  # it could not be trained before either
        come_along = Carried(adapted(before.spec, data))
    if come_along is None:
        _begin_anew(data, "layers_replaced")
        return
    run = come_along.run
    if not same_kind:  # so many epochs, such a rate and such batches suit other data
        usual = draft.first_of(data).training
        run = dataclasses.replace(run, training=dataclasses.replace(usual, loss=run.training.loss))
    new = tuple(draft.fresh_id() for _ in come_along.added)
    draft.change(run, new + before.ids[len(come_along.left_out) :])
    added, left_out = (tuple(layer.kind for layer in each) for each in (come_along.added, come_along.left_out))
    if added or left_out:
        _NOTICE.set(Notice("layers_adapted", run, added, left_out))
