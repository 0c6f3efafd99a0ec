from dataclasses import replace

import pytest

from lib.specs.fields import SpecError
from lib.specs.recipes import RECIPES
from lib.ui.inside.plan import Plan, fitting_data, from_text, to_text, with_setting

RUN = RECIPES["simple_cnn"].run
SAME = Plan(RUN.data, RUN.training)
PLANS = {
    "": SAME,
    "learning_rate:0.02": with_setting(SAME, "learning_rate", 0.02),
    "epochs:3;samples:500": replace(with_setting(SAME, "epochs", 3), data=replace(RUN.data, samples=500)),
    "data:fashion_mnist": replace(SAME, data=fitting_data(RUN.data)["fashion_mnist"]),
    "learning_rate:0.01;optimizer:sgd": with_setting(SAME, "optimizer", "sgd"),
    "frozen:conv2d,dense": replace(SAME, frozen=("conv2d", "dense")),
}


@pytest.mark.parametrize(("text", "plan"), PLANS.items())
def test_a_plan_is_told_by_what_differs_and_read_again(text, plan):
    assert to_text(RUN, plan) == text
    assert from_text(RUN, text) == plan


@pytest.mark.parametrize(
    "text",
    ["epochs", "epochs:0", "epochs:1e9", "epochs:nan", "learning_rate:inf", "optimizer:lbfgs", "data:cifar10",
     "data:../x", "samples:-1", "frozen:nobody", "__class__:x", "epochs:3" * 200],
)  # fmt: skip
def test_a_text_that_is_no_plan_of_this_run_is_refused(text):
    with pytest.raises(SpecError):
        from_text(RUN, text)
