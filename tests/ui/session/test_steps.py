import dataclasses

import pytest

from lib.specs.recipes import RECIPES
from lib.ui.session.state import Draft
from lib.ui.session.steps import MOST_STEPS, SAME_STEP_SECONDS, Steps


def draft(epochs: int) -> Draft:
    run = RECIPES["mlp"].run
    training = dataclasses.replace(run.training, epochs=epochs)
    return Draft(dataclasses.replace(run, training=training), tuple(range(len(run.model.layers))))


def epochs(drafts) -> list[int]:
    return [each.spec.training.epochs for each in drafts]


def walked(*numbers: int, what: str = "", apart: float = 10.0) -> tuple[Steps, Draft]:
    """Steps from one number of epochs to the next, so many seconds apart."""
    steps, now = Steps(), draft(numbers[0])
    for place, number in enumerate(numbers[1:]):
        steps, now = steps.changed(now, draft(number), what, place * apart), draft(number)
    return steps, now


def test_undo_goes_back_and_redo_forward_again():
    steps, now = walked(1, 2, 3)
    steps, now = steps.undone(now)
    assert epochs([now]) == [2]
    steps, now = steps.undone(now)
    assert (epochs([now]), epochs(steps.past), epochs(steps.future)) == ([1], [], [3, 2])
    steps, now = steps.redone(now)
    assert (epochs([now]), epochs(steps.past), epochs(steps.future)) == ([2], [1], [3])


def test_at_either_end_nothing_changes():
    steps, now = walked(1, 2)
    assert steps.redone(now) == (steps, now)
    assert Steps().undone(now) == (Steps(), now)


def test_a_change_after_undo_leaves_nothing_to_redo():
    steps, now = walked(1, 2, 3)
    steps, now = steps.undone(now)
    assert steps.changed(now, draft(9), "", 100.0).future == ()


def test_changes_of_one_control_in_close_order_are_one_step():
    steps, _ = walked(1, 2, 3, 4, what="epochs", apart=SAME_STEP_SECONDS / 2)
    assert epochs(steps.past) == [1]
    steps, _ = walked(1, 2, 3, what="epochs", apart=SAME_STEP_SECONDS * 2)
    assert epochs(steps.past) == [1, 2]
    steps, _ = walked(1, 2, 3, what="", apart=0.0)
    assert epochs(steps.past) == [1, 2]


def test_another_control_is_another_step():
    steps = Steps().changed(draft(1), draft(2), "epochs", 0.0).changed(draft(2), draft(3), "seed", 0.1)
    assert epochs(steps.past) == [1, 2]


def test_a_slider_that_comes_back_to_where_it_was_leaves_no_step():
    steps, _ = walked(1, 2, 1, what="epochs", apart=0.1)
    assert steps.past == ()


def test_what_changes_nothing_is_no_step():
    steps, now = walked(1, 2)
    assert steps.changed(now, now, "epochs", 0.0) == steps


def test_the_oldest_step_is_forgotten_first():
    steps, _ = walked(*range(1, MOST_STEPS + 10))
    assert len(steps.past) == MOST_STEPS
    assert epochs(steps.past)[0] == 9


@pytest.mark.parametrize(("wanted", "past", "future"), [(2, [1], [4, 3]), (4, [1, 2, 3], [])])
def test_an_earlier_or_undone_draft_is_found_again_by_its_spec(wanted, past, future):
    steps, now = walked(1, 2, 3, 4)
    steps, now = steps.undone(now)
    steps, now = steps.walked_to(draft(wanted).spec, now)
    assert (epochs([now]), epochs(steps.past), epochs(steps.future)) == ([wanted], past, future)


def test_a_draft_that_never_was_is_not_found():
    steps, now = walked(1, 2, 3)
    assert steps.walked_to(draft(7).spec, now) is None


def test_drafts_on_data_that_are_gone_are_left_out():
    steps, _ = walked(1, 2, 3)
    assert steps.without("mnist") == Steps(changed_at=steps.changed_at)
    assert steps.without("movies").past == steps.past
