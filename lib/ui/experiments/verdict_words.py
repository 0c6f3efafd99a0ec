"""What a comparison of A and B says, and what it cannot say, in sentences of `assets/lessons/experiments.md`."""

from __future__ import annotations

from lib.concepts.calibration import wilson_interval
from lib.concepts.comparing import FEWEST_PAIRS, Comparison
from lib.concepts.measures import MEASURES
from lib.concepts.same_samples import BothAnswered, margin
from lib.ui.kit import lessons, words

_RARE = 0.05
"""What chance does more often than this is not called rare here."""
_LEAST_WORTH_TELLING = 0.01
_FEW_SAMPLES = 10
"""With fewer right or wrong answers than this, an accuracy is not uncertain to both sides alike."""


def verdict(comparison: Comparison, measure: str) -> str:
    """All that is to be said of the pairs, as Markdown: who was better, what other seeds and what chance would give.

    Args:
        comparison: of at least 3 pairs.
        measure: a name of `lib.concepts.measures.MEASURES`.
    """
    if comparison.ties == comparison.pairs:
        paragraphs = [in_short(comparison, measure)]
    else:
        paragraphs = [in_short(comparison, measure), _interval(comparison, measure), _chance(comparison)]
    return "\n\n".join([*paragraphs, _say("verdict_limits")])


def in_short(comparison: Comparison, measure: str) -> str:
    """Who was better how often, and by how much on average, as Markdown of one paragraph.

    Args and errors as for `verdict`.

    Raises:
        ValueError: the pairs were compared as if the other direction of this measure were the better one.
    """
    if comparison.higher_is_better != MEASURES[measure].higher_is_better:
        raise ValueError(f"the pairs were not compared by {measure}")
    title = MEASURES[measure].title
    if comparison.ties == comparison.pairs:
        return _say("verdict_same", pairs=comparison.pairs, measure=title)
    sentences = [_wins(comparison), _mean(comparison, measure)]
    if comparison.ties:
        sentences.insert(1, _say("verdict_ties", ties=comparison.ties, measure=title))
    more, by_mean = _more_wins(comparison), _better_on_average(comparison)
    if more and by_mean and more != by_mean:
        sentences.append(_say("verdict_torn", winner=more, loser=by_mean))
    return " ".join(sentences)


def too_few(pairs: int) -> str:
    """Instead of a verdict, while fewer than 3 pairs have ended."""
    return _say("verdict_too_few", pairs=pairs, fewest=FEWEST_PAIRS)


def lost(lost_a: int, lost_b: int, measure: str) -> str:
    """Instead of a verdict, where so many runs of A and of B ended with a value that is no finite number."""
    return _say("verdict_lost", lost_a=lost_a, lost_b=lost_b, measure=MEASURES[measure].title)


def noise(accuracy: float, samples: int) -> str:
    """How uncertain an accuracy is because the test has only so many samples."""
    if min(accuracy, 1 - accuracy) * samples < _FEW_SAMPLES:
        low, high = (words.percent(float(end)) for end in wilson_interval(accuracy, samples))
        shown = words.percent(accuracy)
        return _say("noise_extreme", samples=f"{samples:,}", accuracy=shown, low=low, high=high)
    return _say("noise", samples=f"{samples:,}", points=f"{100 * margin(accuracy, samples):.2f}")


def same_samples(found: BothAnswered) -> str:
    """McNemar's table of two networks on the same test samples, as Markdown, and what it says."""
    rows = [["A right", f"{found.both_right:,}", f"{found.only_a:,}"],
            ["A wrong", f"{found.only_b:,}", f"{found.both_wrong:,}"]]  # fmt: skip
    return "\n\n".join([words.table(["", "B right", "B wrong"], rows), _told_apart(found), _say("same_samples_limits")])


def _told_apart(found: BothAnswered) -> str:
    if not found.differing:
        return _say("same_samples_none")
    return _say(
        "same_samples",
        only_a=f"{found.only_a:,}",
        only_b=f"{found.only_b:,}",
        differing=f"{found.differing:,}",
        difference=MEASURES["accuracy"].differences([found.difference])[0],
        margin=f"{100 * found.margin:.2f}",
        percent=_percent(found.p),
    )


def _wins(comparison: Comparison) -> str:
    winner = _more_wins(comparison)
    least, most = sorted((comparison.wins_a, comparison.wins_b))
    if not winner:
        return _say("verdict_even", wins=most, pairs=comparison.pairs)
    if most == comparison.pairs:
        return _say("verdict_all", winner=winner, pairs=most)
    loser = "B" if winner == "A" else "A"
    return _say("verdict_more", winner=winner, loser=loser, wins=most, losses=least, pairs=comparison.pairs)


def _mean(comparison: Comparison, measure: str) -> str:
    winner, rule = _better_on_average(comparison), MEASURES[measure]
    if not winner:
        return _say("verdict_mean_equal", measure=rule.title)
    size = rule.differences([comparison.mean], signed=False)[0]
    return _say("verdict_mean", winner=winner, measure=rule.title, size=size, unit=rule.unit)


def _interval(comparison: Comparison, measure: str) -> str:
    rule = MEASURES[measure]
    low, high = rule.differences([comparison.low, comparison.high])
    sentences = [
        _say("verdict_interval", low=low, high=high, unit=rule.unit),
        _say("verdict_above" if rule.higher_is_better else "verdict_below"),
        _say("verdict_zero_in" if comparison.holds_zero else "verdict_zero_out"),
        _say("verdict_coverage", pairs=comparison.pairs, coverage=f"{100 * comparison.coverage:.0f}"),
    ]
    return " ".join(sentences)


def _chance(comparison: Comparison) -> str:
    percent = _percent(comparison.p)
    shown = {"patterns": f"{comparison.sign_patterns:,}", "as_large": f"{comparison.as_large:,}", "percent": percent}
    sentences = [_say("verdict_chance", **shown)]
    if comparison.least_p > _LEAST_WORTH_TELLING:
        sentences.append(_say("verdict_least", least=_percent(comparison.least_p), pairs=comparison.pairs))
    if comparison.p > _RARE and not comparison.holds_zero:
        sentences.append(_say("verdict_disagree", percent=percent))
    return " ".join(sentences)


def _more_wins(comparison: Comparison) -> str:
    """Who was better in more pairs: "A", "B", or "" for neither."""
    if comparison.wins_a == comparison.wins_b:
        return ""
    return "A" if comparison.wins_a > comparison.wins_b else "B"


def _better_on_average(comparison: Comparison) -> str:
    """Whose mean is better: "A", "B", or "" for neither."""
    if not comparison.mean:
        return ""
    return "B" if (comparison.mean > 0) == comparison.higher_is_better else "A"


def _percent(share: float) -> str:
    """A share in percent, as exact as is of use.

    >>> _percent(2 / 32), _percent(0.5), _percent(1726 / 32_768), _percent(2 / 2**20)
    ('6.25%', '50%', '5.27%', 'under 0.1%')
    """
    return "under 0.1%" if share < 0.001 else f"{100 * share:.3g}%"


def _say(passage: str, **values: object) -> str:
    return lessons.text(f"experiments.{passage}", **values)
