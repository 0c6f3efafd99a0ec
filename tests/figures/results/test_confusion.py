import numpy as np
import pytest

from lib.figures.results.confusion import confusion_matrix, describe_confusion

NAMES = ("cat", "dog", "owl")
COUNTS = np.array([[8, 2, 0], [0, 300, 1], [0, 0, 0]])


def drawn(figure):
    """The two heatmaps laid over each other; what neither shows is 0."""
    right, wrong = (np.array(trace.z, float) for trace in figure.data[:2])
    assert not (np.isfinite(right) & np.isfinite(wrong)).any()
    return np.where(np.isfinite(right), right, np.where(np.isfinite(wrong), wrong, 0))


def numbers(figure):
    return {(note.y, note.x): note.text for note in figure.layout.annotations}


def test_the_cells_hold_the_counts():
    figure = confusion_matrix(COUNTS, NAMES)
    assert np.array_equal(drawn(figure), COUNTS)
    assert numbers(figure) == {(0, 0): "8", (0, 1): "2", (1, 1): "300", (1, 2): "1", (2, 2): "0"}


def test_shares_are_of_each_true_class():
    figure = confusion_matrix(COUNTS, NAMES, share=True)
    np.testing.assert_allclose(drawn(figure), [[0.8, 0.2, 0], [0, 300 / 301, 1 / 301], [0, 0, 0]])
    assert numbers(figure) == {(0, 0): "80", (0, 1): "20", (1, 1): "100", (1, 2): "<1", (2, 2): "0"}


def test_every_cell_can_be_clicked_and_knows_its_classes():
    overlay = confusion_matrix(COUNTS, NAMES).data[-1]
    cells = [[true, predicted] for true in range(3) for predicted in range(3)]
    assert [list(pair) for pair in overlay.customdata] == cells
    assert [[y, x] for x, y in zip(overlay.x, overlay.y, strict=True)] == cells
    assert overlay.mode == "markers"
    assert 0 < overlay.marker.opacity <= 0.05
    assert overlay.text[1] == "true: cat<br>predicted: dog<br>2 samples, 20.0% of this class"


def test_the_first_class_is_on_top_and_cells_are_square():
    layout = confusion_matrix(COUNTS, NAMES).layout
    assert layout.yaxis.range == (2.5, -0.5)
    assert layout.yaxis.scaleanchor == "x"
    assert layout.yaxis.ticktext == layout.xaxis.ticktext == NAMES


def test_few_mistakes_have_a_scale_of_their_own_beside_many_hits():
    right, wrong = confusion_matrix(COUNTS, NAMES).data[:2]
    assert (right.zmax, wrong.zmax) == (300, 2)


def test_numbers_off_the_diagonal_take_the_ink():
    figure = confusion_matrix(COUNTS, NAMES, ink="#123456")
    inks = {(note.y, note.x): note.font.color for note in figure.layout.annotations}
    assert inks[0, 1] == "#123456"
    assert inks[0, 0] == "#FFFFFF"


def test_many_classes_are_drawn_without_numbers():
    figure = confusion_matrix(np.eye(30, dtype=int), [str(n) for n in range(30)])
    assert not figure.layout.annotations
    assert len(figure.data[-1].customdata) == 900


def test_no_samples_can_be_drawn():
    assert not drawn(confusion_matrix(np.zeros((3, 3), int), NAMES)).any()
    assert describe_confusion(np.zeros((3, 3), int), NAMES) == "Confusion matrix without samples."


def test_the_alt_text_counts_and_names_the_worst_mistake():
    text = describe_confusion(COUNTS, NAMES)
    assert text == (
        "Confusion matrix of 311 samples: 308 right (99.0%). Most frequent mistake: 2 times cat taken for dog."
    )
    assert describe_confusion(np.eye(3, dtype=int), NAMES).endswith("3 right (100.0%). No mistakes.")


def test_counts_for_other_classes_are_refused():
    with pytest.raises(ValueError, match="3x3 for 3 class names, not \\(2, 2\\)"):
        confusion_matrix(np.zeros((2, 2), int), NAMES)
