"""The networks that the Attention page can look into: the one that comes with the app, and trained runs."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from lib.concepts.attention_walk import has_attention, readable
from lib.data.fitted.attention_weights import attention_model, attention_weights
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.ui.learn.sequences.networks import Network, network_of
from lib.ui.session import past_runs, visitor
from lib.ui.session.engine import engine, find_run, if_stored

SMALL = "small"
"""The id of the network that comes with the app."""
MOST_PRODUCTS = 10_000_000
"""Multiply-adds of one answer that the page itself may do, some 20 ms."""
_LOOKED_AT = 10


@cache
def small() -> Network:
    """The network that comes with the app."""
    learned = attention_weights()
    return Network(
        "the small network", attention_model(), learned.weights, learned.vocabulary, "pre", "pre", learned.accuracy,
        learned.about["length"],
    )  # fmt: skip


def titles(asked: str) -> dict[str, str]:
    """The runs that can be opened here, by id, each in one line: the visitor's newest ones and the one asked for.

    Args:
        asked: a run's id, or anything else.
    """
    return if_stored(lambda: _titles(asked), {})


def _titles(asked: str) -> dict[str, str]:
    rows = {row.id: row for row in engine().runs(visitor.owner(), limit=_LOOKED_AT)}
    wanted = find_run(asked)
    if wanted is not None:
        rows[asked] = past_runs.row_of(wanted)
    found = {run_id: find_run(run_id) for run_id in rows}
    fit = {run_id: rows[run_id] for run_id, run in found.items() if run is not None and not why_not(run)}
    return past_runs.titles(fit)


def why_not(run: RunSnapshot) -> str:
    """Why a run cannot be read on this page, as an id; "" where it can."""
    model, data = run.spec.model, run.spec.data
    if data.kind != "text" or not has_attention(model):
        return "no_block"
    if not readable(model) or not _answers_two(model):
        return "not_readable"
    if data.size != "bundled" or model.multiply_adds() > MOST_PRODUCTS:
        return "too_large"
    return "" if engine().epochs_kept(run.id) else "no_weights"


def asked_in_vain(asked: str) -> str:
    """Why the run of an address cannot be read here, as an id; "" where it can be, or where there is none."""
    run = if_stored(lambda: find_run(asked), None)
    return "" if run is None else why_not(run)


def opened(run_id: str) -> Network | None:
    """What a run has learned; None where its weights are gone."""
    run = if_stored(lambda: find_run(run_id), None)
    return None if run is None else if_stored(lambda: network_of(run), None)


@lru_cache(maxsize=16)
def finite(network: Network) -> bool:
    """Whether all that it has learned is numbers: a training whose loss has burst leaves none."""
    return all(bool(np.isfinite(values).all()) for values in network.weights.values())


def _answers_two(model: ModelSpec) -> bool:
    """Whether the last layer gives the probabilities of two classes, or that of one of them."""
    last = model.layers[-1]
    return isinstance(last, Dense) and (last.units, last.activation) in ((1, "sigmoid"), (2, "softmax"))
