"""The median rule stops the runs that Optuna's own pruner would stop."""

import random

import optuna
import pytest
from optuna.trial import TrialState, create_trial

from lib.engine.experiments.pruning import STARTUP_RUNS, WARM_UP_EPOCHS, worse_than_median


def optunas_own(own, others, higher_is_better):
    study = optuna.create_study(direction="maximize" if higher_is_better else "minimize")
    for other in others:
        last = list(other.values())[-1]
        study.add_trial(create_trial(state=TrialState.COMPLETE, value=last, intermediate_values=other))
    trial = study.ask()
    for epoch, value in own.items():
        trial.report(value, epoch)
    pruner = optuna.pruners.MedianPruner(STARTUP_RUNS, WARM_UP_EPOCHS + 1)  # its steps are our epochs, from 1
    return pruner.prune(study, study._storage.get_trial(trial._trial_id))


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.mark.filterwarnings("ignore:All-NaN slice")
def test_the_same_runs_are_stopped_as_by_optunas_median_pruner():
    chance, answers = random.Random(7), []
    for _ in range(300):
        higher = chance.random() < 0.5
        others = [
            {epoch: chance.random() for epoch in range(1, chance.randint(2, 6))} for _ in range(chance.randint(2, 9))
        ]
        own = {epoch: chance.choice((chance.random(), chance.random(), float("nan")))
               for epoch in range(1, chance.randint(2, 5))}  # fmt: skip
        answers.append(worse_than_median(own, others, higher))
        assert answers[-1] == optunas_own(own, others, higher), (own, others, higher)
    assert 30 < sum(answers) < 270


def test_nothing_is_stopped_before_the_first_epoch_or_without_others():
    good = [{1: 0.9, 2: 0.9}] * 9
    assert not worse_than_median({}, good, True)
    assert not worse_than_median({1: 0.1}, good, True)
    assert worse_than_median({1: 0.1, 2: 0.1}, good, True)
    assert not worse_than_median({1: 0.1, 2: 0.1}, good[: STARTUP_RUNS - 1], True)
    assert not worse_than_median({1: 0.1, 3: 0.1}, good, True)  # nobody has been there
