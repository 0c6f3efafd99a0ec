"""Runs trained in this process, without a cluster, as the pages see them."""

from __future__ import annotations

import pytest

from lib import events
from lib.engine.runs.live import LiveRun
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.run import RunSpec


def trained(spec: RunSpec, evaluate: bool = True) -> RunSnapshot:
    """Train a run to its end, and test it. However little time it takes, each epoch is watched, if it is to be.

    Args:
        spec: of anything that Keras can train here.
        evaluate: whether the test part is seen; a loss that is no number ends a run without.
    """
    from lib.worker.control import Control
    from lib.worker.train import NotANumberError, Training

    live = LiveRun("a" * 16, "ann", "title", spec, 0.0)

    def report(event: events.FromWorker) -> None:
        live.apply(event, 0.0)

    training = Training(spec, Control(spec.training.epochs, spec.training.learning_rate), report, lambda _: None)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("lib.worker.inside.MOST_SHARE", 1.0)
            training.fit()
    except NotANumberError:
        live.apply(events.Failed("The loss became NaN"), 0.0)
        training.give_back()
        return live.snapshot()
    if evaluate:
        seen = training.evaluate()
        samples = len(training.data.test)
        live.apply(events.Evaluated(seen["loss"], seen["accuracy"], samples, seen["seconds"]), 0.0)
    live.apply(events.Done(), 0.0)
    training.give_back()  # as a worker does: the next run of the same stack has its graphs
    return live.snapshot()
