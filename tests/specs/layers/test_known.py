import keras
import pytest

from lib.specs.fields import SpecError
from lib.specs.layers.known import LAYERS, BatchNormalization, Conv1D, Conv2D, Dropout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"filters": 0}, r"Conv2D.filters must be a whole number from 1 to 512, not 0"),
        ({"filters": 3.5}, r"not 3.5"),
        ({"filters": True}, r"not True"),
        ({"filters": float("nan")}, r"not nan"),
        ({"kernel_size": 10**30}, r"kernel_size must be"),
        ({"padding": "reflect"}, r"Conv2D.padding must be one of valid, same, not 'reflect'"),
        ({"activation": None}, r"activation must be one of"),
        ({"use_bias": 1}, r"use_bias must be true or false, not 1"),
        ({"strides": 2, "dilation_rate": 2}, r"dilation_rate must be 1 when strides is above 1"),
    ],
)
def test_a_bad_option_is_refused_with_its_name_rule_and_value(options, words):
    with pytest.raises(SpecError, match=words):
        Conv2D(**options)


def test_a_causal_convolution_is_refused_the_same_combination_as_in_keras():
    options = {"padding": "causal", "strides": 2, "dilation_rate": 2}
    with pytest.raises(SpecError, match=r"Conv1D.dilation_rate must be 1 when strides is above 1"):
        Conv1D(**options)
    with pytest.raises(ValueError, match="`strides > 1` not supported in conjunction with `dilation_rate > 1`"):
        keras.layers.Conv1D(filters=1, kernel_size=3, **options)


def test_whole_numbers_given_as_floats_become_ints():
    assert Conv2D(filters=8.0) == Conv2D(filters=8)
    assert isinstance(Conv2D(filters=8.0).filters, int)
    assert isinstance(Dropout(rate=0).rate, float)


def test_batch_normalization_counts_what_it_trains_and_what_it_keeps():
    parameters = BatchNormalization().parameters((13, 13, 32))
    assert (parameters.trainable, parameters.non_trainable) == (64, 64)


@pytest.mark.parametrize("kind", LAYERS.values())
def test_every_layer_says_in_a_few_words_what_it_is_for(kind):
    assert 10 < len(kind.summary) < 60
