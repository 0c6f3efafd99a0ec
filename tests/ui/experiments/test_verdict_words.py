import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.concepts.comparing import COVERAGE, FEWEST_PAIRS, compare
from lib.concepts.same_samples import BothAnswered, both_answered
from lib.data.fitted.saved_curves import saved_runs
from lib.ui.experiments.verdict_words import in_short, lost, noise, same_samples, too_few, verdict
from lib.ui.kit import lessons

A = [0.970, 0.968, 0.974, 0.971, 0.969]
B = [0.975, 0.972, 0.973, 0.971, 0.976]
VALUES = st.integers(0, 2_000).map(lambda right: right / 2_000)
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=FEWEST_PAIRS, max_size=8)


def accuracy(a, b):
    return compare(a, b, higher_is_better=True)


def loss(a, b):
    return compare(a, b, higher_is_better=False)


def words(text):
    """Without line breaks and bold type."""
    return " ".join(text.replace("**", "").split())


def test_who_was_better_how_often_and_by_how_much():
    found = words(in_short(accuracy(A, B), "accuracy"))
    assert found == (
        "B was better in 3 of 5 pairs, A in 1. Pairs in which both reached the same accuracy: 1."
        " On average the accuracy of B was better by 0.30 percentage points."
    )
    assert words(in_short(loss(A, B), "loss")).startswith("A was better in 3 of 5 pairs, B in 1.")
    assert "the loss of A was better by 0.0030." in words(in_short(loss(A, B), "loss"))


def test_all_pairs_for_one_side():
    assert words(in_short(loss([0.3, 0.2, 0.1], [0.2, 0.1, 0.05]), "loss")) == (
        "B was better in all 3 pairs. On average the loss of B was better by 0.0833."
    )


def test_as_many_pairs_for_either_side_and_no_mean_difference():
    found = words(in_short(accuracy([0.5, 0.5, 0.5, 0.5], [0.6, 0.6, 0.4, 0.4]), "accuracy"))
    assert found == "A and B were each better in 2 of 4 pairs. On average both reached the same accuracy."


def test_wins_and_mean_that_speak_for_different_sides_are_said_to_do_so():
    torn = "B won more pairs, and yet A is better on average"
    assert torn in words(in_short(accuracy([0.9, 0.9, 0.9], [0.91, 0.92, 0.1]), "accuracy"))
    assert "won more pairs" not in words(in_short(accuracy(A, B), "accuracy"))


def test_equal_runs_are_not_judged_by_intervals_and_chance():
    found = words(verdict(accuracy(A, A), "accuracy"))
    assert "In all 5 pairs A and B reached exactly the same accuracy" in found
    assert "interval" not in found
    assert "chance?" not in found


def test_an_interval_with_0_in_it_says_neither_who_is_better_nor_that_both_are_equal():
    found = words(verdict(accuracy([0.97] * 4, [0.98, 0.96, 0.975, 0.969]), "accuracy"))
    assert "these pairs don't tell which of the two is better. Nor do they say that both are equally good" in found
    assert "does not hold 0" not in found


@pytest.mark.parametrize(
    ("found", "measure", "side"),
    [(accuracy(A, B), "accuracy", "Above 0, B is better"), (loss(A, B), "loss", "Below 0, B is better")],
)
def test_the_interval_is_given_with_its_ends_and_its_better_side(found, measure, side):
    text = words(verdict(found, measure))
    scale, decimals = (100, 2) if measure == "accuracy" else (1, 4)
    low, high = (f"{scale * end:+.{decimals}f}" for end in (found.low, found.high))
    assert f"between {low} and {high}" in text.replace("\N{MINUS SIGN}", "-")
    assert side in text


@pytest.mark.parametrize("pairs", [3, 5, 10, 20])
def test_how_often_such_an_interval_fails_is_said(pairs):
    values = [0.9 + place / 1_000 for place in range(pairs)]
    text = words(verdict(accuracy([0.9] * pairs, values), "accuracy"))
    assert f"With {pairs} pairs it does so about {100 * COVERAGE[pairs]:.0f} times" in text


def test_what_chance_would_do_is_counted():
    found = accuracy(A, B)
    assert f"Of all 32 ways to give these differences a plus or a minus, {found.as_large} have" in words(
        verdict(found, "accuracy")
    )


@pytest.mark.parametrize(("pairs", "least"), [(3, "25%"), (5, "6.25%"), (7, "1.56%"), (8, ""), (20, "")])
def test_what_so_few_pairs_cannot_show_is_said(pairs, least):
    text = words(verdict(accuracy([0.9] * pairs, [0.95] * pairs), "accuracy"))
    assert ("is never below" in text) == bool(least)
    assert f"With {pairs} pairs this figure is never below {least}" in text or not least


def test_the_least_figure_of_ten_pairs_is_what_the_sentence_says():
    text = words(verdict(accuracy([0.9] * 3, [0.95] * 3), "accuracy"))
    assert "With 10 pairs it could be 0.2%." in text
    assert round(100 * accuracy([0.9] * 10, [0.95] * 10).p, 1) == 0.2


def test_interval_and_chance_that_disagree_are_said_to_do_so():
    assert "Believe the more careful of the two" in words(verdict(accuracy([0.9] * 3, [0.95] * 3), "accuracy"))
    assert "more careful" not in words(verdict(accuracy([0.9] * 8, [0.95] * 8), "accuracy"))
    assert "more careful" not in words(verdict(accuracy([0.97] * 3, [0.98, 0.96, 0.97]), "accuracy"))


@given(PAIRS)
def test_swapping_a_and_b_swaps_the_letters_of_the_short_verdict(pairs):
    a, b = map(list, zip(*pairs, strict=True))
    swapped = str.maketrans("AB", "BA")
    one, other = in_short(accuracy(a, b), "accuracy"), in_short(accuracy(b, a), "accuracy")
    assert one.translate(swapped).replace("B and A", "A and B") == other


@given(PAIRS, st.booleans())
def test_every_comparison_has_a_verdict_without_gaps(pairs, higher_is_better):
    a, b = map(list, zip(*pairs, strict=True))
    text = verdict(compare(a, b, higher_is_better), "accuracy" if higher_is_better else "loss")
    assert "{" not in text
    assert "nan" not in text
    assert "other seeds, and about nothing else" in text


def test_real_trainings_dropout_against_none_at_every_width():
    """The saved ones of the Overfitting page, a pair for each width instead of each seed."""
    widths = sorted({units for _, units in saved_runs()})
    plain, dropout = ([saved_runs()[remedy, units].val_loss[-1] for units in widths] for remedy in ("plain", "dropout"))
    wins = sum(second < first for first, second in zip(plain, dropout, strict=True))
    text = words(verdict(loss(plain, dropout), "loss"))
    assert 0 < wins < len(widths) / 2
    assert f"A was better in {len(widths) - wins} of {len(widths)} pairs, B in {wins}." in text
    assert f"Of all {2 ** len(widths)} ways" in text


def test_no_passage_calls_a_result_significant():
    passages = lessons._passages("experiments")
    assert len(passages) > 20
    assert [name for name, text in passages.items() if "significan" in text.lower()] == []


def test_a_comparison_by_the_other_direction_is_refused():
    with pytest.raises(ValueError, match="not compared by loss"):
        verdict(accuracy(A, B), "loss")


def test_what_is_said_in_the_place_of_a_verdict():
    assert too_few(2).startswith(f"Finished pairs so far: 2. With {FEWEST_PAIRS} the page can say")
    assert words(lost(0, 2, "loss")).startswith("Runs that ended with a loss that is no number: 0 of A, 2 of B.")


def test_the_noise_of_the_test_itself():
    assert "2,000 test samples. That alone leaves about ±0.75 percentage points open" in words(noise(0.97, 2_000))
    assert "from 99.81% to 100.00%" in words(noise(1.0, 2_000))
    assert "from 0.00% to 7.13%" in words(noise(0.0, 50))


def test_the_table_of_two_networks_on_the_same_samples():
    text = same_samples(
        both_answered([True] * 60 + [False] * 40, [True] * 50 + [False] * 10 + [True] * 4 + [False] * 36)
    )
    assert text.startswith("|  | B right | B wrong |\n|--|--|--|\n| A right | 50 | 10 |\n| A wrong | 4 | 36 |\n\n")
    found = words(text)
    assert "10 speak for A, 4 for B" in found
    assert "B's accuracy minus A's is \N{MINUS SIGN}6.00 percentage points" in found
    assert "14 coins would fall at least as unevenly in 18% of cases" in found
    assert "with another seed each setting would give another network" in found


def test_two_networks_that_differ_on_no_sample():
    assert "No sample shows a difference" in same_samples(BothAnswered(90, 0, 0, 10))
