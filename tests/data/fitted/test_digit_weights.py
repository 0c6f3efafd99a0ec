import pytest

from lib.concepts.dense import dense
from lib.data.fitted.digit_weights import digit_weights
from lib.data.loading import load


def test_the_bundled_units_read_the_test_digits_as_well_as_the_provenance_says():
    weights, test = digit_weights(), load("mnist").test
    logits = dense(test.x.reshape(len(test), -1).astype("float32") / 255, weights.kernel) + weights.bias
    assert (logits.argmax(axis=1) == test.y).mean() == pytest.approx(0.9185, abs=0.002)


def test_nobody_can_change_the_shared_weights():
    with pytest.raises(ValueError, match="read-only"):
        digit_weights().kernel[0, 0] = 1
