"""What a sweep tries next, after what its runs have reached: the tree-structured Parzen estimator of Optuna.

Bergstra and others 2011: Algorithms for hyper-parameter optimization. It models where good runs lie and where the
others do, setting by setting, and proposes what is likely under the first model and unlikely under the second.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

Values = dict[str, Any]


def proposed(
    space: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]], maximize: bool, seed: int, count: int
) -> list[Values]:
    """Values to try next; the first ones are the most wanted, the others for the case that those cannot be trained.

    The study is made anew from what the runs have reached: nothing has to be remembered between two questions. Equal
    questions have equal answers.

    Args:
        space: of each setting its `name`, and either `values` or `low`, `high`, `whole` and `log`.
        told: of each run that has ended its `values`, its `curve` (epoch and figure) and its `figure` at the end; None
            where it was not trained to its end.
        maximize: whether higher figures are better.
        seed: of the draws.
        count: how many are wanted.

    Raises:
        ImportError: Optuna is not installed where this runs.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        distributions = {each["name"]: _distribution(each) for each in space}
        sampler = optuna.samplers.TPESampler(seed=seed)
        study = optuna.create_study(direction="maximize" if maximize else "minimize", sampler=sampler)
        for run in told:
            study.add_trial(_trial(run, distributions))
        return [dict(study.ask(distributions).params) for _ in range(count)]


def _distribution(setting: Mapping[str, Any]) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if "values" in setting:
        return CategoricalDistribution(list(setting["values"]))
    if setting["whole"]:
        return IntDistribution(int(setting["low"]), int(setting["high"]), log=setting["log"])
    return FloatDistribution(setting["low"], setting["high"], log=setting["log"])


def _trial(run: Mapping[str, Any], distributions: Mapping[str, Any]) -> Any:
    """What a run has reached. One that was not trained to its end counts as pruned, so that its values are avoided."""
    from optuna.trial import TrialState, create_trial

    complete = run["figure"] is not None
    return create_trial(
        state=TrialState.COMPLETE if complete else TrialState.PRUNED,
        params=dict(run["values"]),
        distributions=dict(distributions),
        value=run["figure"],
        intermediate_values={int(epoch): float(value) for epoch, value in run["curve"]},
    )
