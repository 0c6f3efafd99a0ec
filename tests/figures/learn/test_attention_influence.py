import html
import re

import numpy as np
import pytest

from lib.figures.learn.attention_influence import describe_influence, influence_bars

WORDS = ("a", "<b>good</b>", "film")
RECEIVED, CHANGES = np.array([0.2, 0.5, 0.3], np.float32), np.array([0.01, -0.4, 0.0], np.float32)


def bars(changes=CHANGES):
    """Each bar: what it tells; where 0 is, where it begins and how long it is, as shares of its axis; the number."""
    return re.findall(
        r'title="([^"]*)"><i class="zero" style="left:([\d.]+)%"></i><i style="left:([\d.]+)%;width:([\d.]+)%;'
        r'background:[^"]+"></i><span style="(left|right):([\d.]+)%">([^<]*)</span>',
        influence_bars(WORDS, RECEIVED, changes),
    )


def test_each_word_has_both_bars_with_their_numbers():
    told = [each[-1] for each in bars()]
    assert told == ["0.200", "+0.010", "0.500", "-0.400", "0.300", "+0.000"]
    assert [html.unescape(each[0]) for each in bars()[2:4]] == ["<b>good</b>: 0.5000", "<b>good</b>: -0.4000"]


def test_bars_are_as_long_as_their_numbers_and_stand_at_the_line_of_zero():
    share, change = bars()[::2], bars()[1::2]
    lengths = [float(each[3]) for each in share]
    assert np.array(lengths) / lengths[1] == pytest.approx(RECEIVED / RECEIVED[1], abs=1e-3)
    up, down, none = ([float(number) for number in each[1:4]] for each in change)
    assert up[1] == up[0]
    assert down[1] + down[2] == pytest.approx(down[0], abs=0.02)
    assert none[2] == 0
    assert down[2] / up[2] == pytest.approx(40, rel=0.02)


@pytest.mark.parametrize("changes", [CHANGES, abs(CHANGES), -abs(CHANGES), 0 * CHANGES])
def test_no_bar_leaves_its_axis_and_its_number_stands_at_its_far_end(changes):
    for _, zero, start, length, side, at, number in bars(changes):
        assert 0 <= float(start) <= float(start) + float(length) <= 100
        assert 0 <= float(zero) <= 100
        end = float(start) + float(length)
        assert (side, float(at)) == (
            ("right", 100 - float(start)) if float(number) < 0 else ("left", pytest.approx(end))
        )
    if (changes >= 0).all():
        assert {float(each[1]) for each in bars(changes)} == {0}


def test_names_of_words_are_no_tags():
    assert "<b>good" not in influence_bars(WORDS, RECEIVED, CHANGES)
    assert "&lt;b&gt;good&lt;/b&gt;</span>" in influence_bars(WORDS, RECEIVED, CHANGES)


def test_the_picture_in_words_has_all_numbers():
    assert "<b>good</b> gets 0.500, without it -0.400" in describe_influence(WORDS, RECEIVED, CHANGES)
    assert html.escape(describe_influence(WORDS, RECEIVED, CHANGES)) in influence_bars(WORDS, RECEIVED, CHANGES)
