"""Links of LayerLab 0.2 held labels; they open what they opened then, and the address becomes the one of today."""

import numpy as np
import pytest

from lib.ui.kit.old_addresses import IDS
from lib.ui.learn.convolution import trained_kernels

# Parameter: the page, and the answer that its address leaves out.
PAGES = {
    "picture_dataset": ("images", "mnist"),
    "part": ("images", "pixels"),
    "flip": ("images", "none"),
    "kernel": ("convolution", "sobel_x"),
    "pool_type": ("pooling", "max"),
    "subject": ("pooling", "picture"),
    "logits_from": ("flattening", "units"),
    "true_class": ("activations", "0"),
    "surface": ("gradient_descent", "ravine"),
    "view": ("gradient_descent", "map"),
    "loss_kind": ("backpropagation", "squared_error"),
    "remedy": ("overfitting", "plain"),
}
ALONG = {"flip": {"part": "Augmentation"}}
OLD = [(parameter, label, ids) for parameter, labels in IDS.items() for label, ids in labels.items()]


@pytest.fixture
def trained_filters(monkeypatch):
    """As if this visitor had trained a network with a Conv2D."""
    weights, bias = np.ones((3, 3, 1, 2), np.float32), np.zeros(2, np.float32)
    filters = trained_kernels.TrainedKernels("my network", weights, bias, ("filter 0", "filter 1"))
    monkeypatch.setattr(trained_kernels, "trained_kernels", lambda: filters)


@pytest.mark.parametrize(("parameter", "label", "answer"), OLD)
def test_an_old_link_opens_what_it_opened(open_page, trained_filters, parameter, label, answer):
    name, usual = PAGES[parameter]
    page = open_page(f"pages/{name}.py", **ALONG.get(parameter, {}), **{parameter: label})
    assert not page.exception
    assert str(page.session_state[f"{parameter}_answer"]) == answer
    assert page.query_params.get(parameter, usual) == answer


def test_every_such_parameter_is_tried():
    assert set(PAGES) == set(IDS)
