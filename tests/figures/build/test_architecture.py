import itertools

import pytest
from helpers.strategies import working_models
from hypothesis import given, settings

from lib.figures.base.colours import RED
from lib.figures.base.slabs import rod, slab
from lib.figures.build.architecture import FAMILY_COLOURS, architecture, describe_architecture
from lib.specs.layers.known import LAYERS, Conv2D, Dense, Family, Flatten, MaxPooling2D
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES

SIMPLE = RECIPES["simple_cnn"].run.model
BROKEN = ModelSpec(
    (28, 28, 1), (Conv2D(), MaxPooling2D(pool_size=8, strides=8), Conv2D(kernel_size=5), Flatten(), Dense())
)


def words(figure):
    return [note.text for note in figure.layout.annotations]


def hovers(figure):
    return list(figure.data[0].hovertext)


def test_each_layer_has_its_name_shape_and_weights():
    assert words(architecture(SIMPLE))[:6] == [
        "<b>input</b>",
        "28 × 28 × 1",
        "<b>conv2d</b> 3×3 relu",
        "26 × 26 × 32 · 320 weights",
        "<b>max_pooling2d</b> 2×2",
        "13 × 13 × 32",
    ]
    assert words(architecture(SIMPLE))[-1] == "10 · 16,010 weights"


def test_hovering_gives_the_sums_and_the_classes():
    said = hovers(architecture(SIMPLE, tuple("0123456789")))
    assert "floor((28 + 2*0 - 3)/1) + 1 = 26" in said[1]
    assert "3*3*1*32 + 32 = 320" in said[1]
    assert "classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in said[-1]


def test_a_broken_layer_is_red_and_tells_its_reason():
    figure = architecture(BROKEN)
    place = 3  # after the input
    assert words(figure)[2 * place] == "✕ <b>conv2d_1</b> 5×5 relu"
    assert words(figure)[2 * place + 1] == "cannot take 3 × 3 × 32"
    assert "would shrink 3x3 below 1" in hovers(figure)[place].replace("<br>", " ")
    red = [note.text for note in figure.layout.annotations if note.font.color == RED]
    assert red == [words(figure)[2 * place]]
    outlines = {shape.line.color for shape in figure.layout.shapes if shape.yanchor == figure.data[0].y[place]}
    assert outlines == {RED}


def test_layers_after_the_break_are_there_and_wait():
    assert words(architecture(BROKEN))[-1] == "waits for the layers above"
    assert len(hovers(architecture(BROKEN))) == 6


def test_rows_stand_below_each_other_and_inside_the_picture():
    figure = architecture(ModelSpec((32, 32, 3), tuple(Conv2D(padding="same") for _ in range(40))))
    rows = list(figure.data[0].y)
    assert all(below - above >= 38 for above, below in itertools.pairwise(rows))
    assert rows[0] > 0
    assert rows[-1] < figure.layout.height == figure.layout.yaxis.range[0]


def test_everything_stays_within_a_phones_width():
    figure = architecture(SIMPLE)
    path_numbers = [
        float(pair.split(",")[0])
        for shape in figure.layout.shapes
        if shape.path
        for pair in shape.path.replace("M", "").replace("L", "").replace("Z", "").split()
    ]
    assert min(path_numbers) >= -175
    assert max(path_numbers) < min(note.xshift for note in figure.layout.annotations)


def test_the_areas_are_to_scale():
    def breadth(body):
        xs = [x for corners, _ in body.faces for x, _ in corners]
        return max(xs) - min(xs)

    assert breadth(slab(0.5, 0.5, 1, RED)) == pytest.approx(2 * breadth(slab(0.25, 0.25, 1, RED)))
    assert slab(0.5, 0.5, 64, RED).height > slab(0.5, 0.5, 8, RED).height
    assert breadth(rod(10, RED)) < breadth(rod(100, RED)) < breadth(rod(1000, RED))
    assert breadth(rod(4096, RED)) == breadth(rod(10**6, RED))


def test_every_kind_of_layer_has_a_colour():
    assert set(FAMILY_COLOURS) == set(Family) == {layer.family for layer in LAYERS.values()}


@settings(max_examples=30, derandomize=True, database=None, deadline=None)
@given(model=working_models())
def test_any_working_stack_can_be_drawn(model):
    assert len(hovers(architecture(model))) == len(model.layers) + 1
    assert f"{model.parameters:,} weights" in describe_architecture(model)


def test_the_alt_text_gives_the_stack_or_where_it_breaks():
    assert describe_architecture(SIMPLE).startswith(
        "Architecture of 7 layers with 34,826 weights: input 28 × 28 × 1, then conv2d 26 × 26 × 32,"
    )
    assert "It breaks: Layer 3, conv2d_1" in describe_architecture(BROKEN)
    assert describe_architecture(ModelSpec((8, 8, 1), ())) == "Architecture: input 8 × 8 × 1, no layers yet."


def test_a_block_shows_its_parts_and_two_lines_that_go_past_them():
    figure = architecture(RECIPES["text_transformer"].run.model)
    place = 5  # after the input, the words, their places, a normalisation and a dropout
    assert words(figure)[2 * place : 2 * place + 2] == [
        "<b>transformer_block</b> 2 heads of 16", "32 × 32 · 6,464 weights",
    ]  # fmt: skip
    said = hovers(figure)[place]
    assert "MultiHeadAttention 2 heads of 16, Dropout 20%, Add, LayerNormalization" in said
    assert "Dense relu, Dense linear, Dropout 20%, Add, LayerNormalization" in said
    assert "MultiHeadAttention 4,224 + LayerNormalization 64 + Dense 1,056" in said
    lines = [shape for shape in figure.layout.shapes if shape.line.dash == "dot" and shape.type == "path"]
    assert len(lines) == 2
    tops = [shape.yanchor for shape in lines]
    assert tops[0] < figure.data[0].y[place] < tops[1]
