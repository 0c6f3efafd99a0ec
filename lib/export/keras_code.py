"""The Python that a person would have written by hand for a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lib.export.craft_code import (
    callback_lines,
    class_weight_lines,
    kernel_words,
    loss_code,
    mistaken_loss_lines,
    twice_softmax,
)
from lib.export.data_code import data_lines, holds_back, import_lines
from lib.specs.changes import describe_changes, from_text
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import (
    Embedding,
    Layer,
    ParallelConv2D,
    PositionEmbedding,
    RandomContrast,
    Recurrent,
    Shape,
    TransformerBlock,
)
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS, TrainSpec

CUDNN_KINDS = ("LSTM", "GRU")
"""Layers for which Keras uses NVIDIA's cuDNN on a GPU."""


def keras_code(run: RunSpec, functional: bool = False) -> str:
    """A complete script: data, model, training, test.

    Args:
        run: a run whose stack has no problem.
        functional: write the model with the functional API; one with branches always is.

    Returns:
        Python source for Keras 3; a table comes from the Python package that publishes it. With the same seed its first
        weights are those of LayerLab's run; its batches come in another order, so its curve is a sibling, not a twin.
        The first weights of a run that goes on from another one are read from a file.
    """
    imports = import_lines(run)
    if (run.start is not None or run.balances or run.data.spoiling) and "import numpy as np" not in imports:
        imports = ["import numpy as np", *imports]
    blocks = [
        ["import keras", "from keras import layers", *imports],
        [f"keras.utils.set_random_seed({run.training.seed})"],
        data_lines(run),
        model_lines(run, functional),
        _training_lines(run),
    ]
    return "\n\n".join("\n".join(block).strip("\n") for block in blocks).replace("'", '"') + "\n"


def model_lines(run: RunSpec, functional: bool = False) -> list[str]:
    """Lines that build the model, give it its first weights where they come from another run, and print its summary.

    It is written with the functional API where that is asked for or needed.
    """
    built = _functional_lines(run) if functional or run.model.branched else _sequential_lines(run)
    return [*built, *_start_lines(run)]


FIRST_WEIGHTS = "first_weights.npz"
"""The file that a script reads the first weights of such a run from."""


def _start_lines(run: RunSpec) -> list[str]:
    """The arrays of the file stand in the order of Keras' `model.weights`."""
    if run.start is None:
        return []
    by_hand = f"# They were changed by hand before: {describe_changes(from_text(run.start.by_hand))}."
    return [
        f"# The run went on from epoch {run.start.epoch} of the run {run.start.run}: no seed gives its first weights.",
        *([by_hand] if run.start.by_hand else []),
        f"# Download them in LayerLab (Results, First weights) and put them beside this as {FIRST_WEIGHTS}.",
        f"first = np.load('{FIRST_WEIGHTS}')",
        "model.set_weights([first[name] for name in first.files])",
    ]


def _sequential_lines(run: RunSpec) -> list[str]:
    named = zip(run.model.layer_names(), run.model.layers, strict=True)
    masked, kernels = run.model.masks_padding, kernel_words(run.training)
    ends = run.data.value_range
    layers = [f"    {layer_code(layer, masked, name in run.frozen, kernels, ends)}," for name, layer in named]
    return [
        "model = keras.Sequential([",
        f"    keras.Input({run.model.input_shape}),",
        *layers,
        "])",
        "model.summary()",
    ]


def _functional_lines(run: RunSpec) -> list[str]:
    model, lines, before = run.model, [f"inputs = keras.Input({run.model.input_shape})"], "inputs"
    lines += ["real = keras.ops.not_equal(inputs, 0)  # False for padding"] if model.tells_masks else []
    kernels = kernel_words(run.training)
    for place, row in enumerate(model.trace):
        after = "outputs" if place == len(model.layers) - 1 else "x"

        def code(part: Layer, frozen: bool = row.name in run.frozen) -> str:
            return layer_code(part, model.masks_padding, frozen, kernels, run.data.value_range)

        layer = row.layer.unmasked if model.tells_masks and isinstance(row.layer, Embedding) else row.layer
        told = model.tells_masks and model.masked[place]
        lines += _graph_lines(layer, row.input_shape or (), told, before, after, code)
        before = after
    return [*lines, "model = keras.Model(inputs, outputs)", "model.summary()"]


def _graph_lines(
    layer: Layer, shape: Shape, masked: bool, before: str, after: str, code: Callable[[Layer], str]
) -> Iterator[str]:
    """Lines that make one variable of another by a listed layer; `real` stands above them where padding is masked."""
    if isinstance(layer, ParallelConv2D):
        for way, branch in zip(WAYS, layer.branches, strict=True):
            yield f"{way} = {code(branch)}({before})"
        yield f"{after} = layers.Concatenate()([{', '.join(WAYS)}])"
    elif isinstance(layer, PositionEmbedding) and len(shape) == 2:
        if masked:
            yield "places = keras.ops.maximum(keras.ops.cumsum(keras.ops.cast(real, 'int32'), axis=1) - 1, 0)"
        else:
            yield f"places = keras.ops.cumsum(keras.ops.ones_like({before}[:, :, 0], dtype='int32'), axis=1) - 1"
        yield f"{after} = layers.Add()([{before}, {code(layer.table(shape))}(places)])"
    elif isinstance(layer, TransformerBlock) and len(shape) == 2:
        told = ", attention_mask=real[:, None, :]" if masked else ""
        yield from _block_lines(layer, shape[-1], before, after, told, code)
    else:
        told = ", mask=real" if masked and layer.uses_mask else ""
        yield f"{after} = {code(layer)}({before}{told})"


def _block_lines(
    layer: TransformerBlock, features: int, before: str, after: str, told: str, code: Callable[[Layer], str]
) -> Iterator[str]:
    """A TransformerBlock: a line for each Keras layer inside."""
    attention, drop, normalize, inner, outer, drop_again, normalize_again = map(code, layer.parts(features).values())
    yield f"seen = {attention}({before}, {before}{told})"
    yield f"seen = {drop}(seen)"
    yield f"x = layers.Add()([{before}, seen])"
    yield f"x = {normalize}(x)"
    yield f"weighed = {inner}(x)"
    yield f"weighed = {outer}(weighed)"
    yield f"weighed = {drop_again}(weighed)"
    yield "x = layers.Add()([x, weighed])"
    yield f"{after} = {normalize_again}(x)"


def layer_code(
    layer: Layer,
    masked: bool = False,
    frozen: bool = False,
    kernels: Sequence[str] = (),
    value_range: tuple[int, int] = (0, 1),
) -> str:
    """One layer's call, with only what differs from Keras' own defaults.

    Args:
        layer: which layer, with its options.
        masked: whether the model masks padding: on a GPU cuDNN refuses masks in front, where Keras pads by default.
        frozen: whether its weights stay as they are.
        kernels: arguments for a layer with a kernel.
        value_range: between which numbers scaled pixels lie.

    >>> from lib.specs.layers.known import LSTM, Conv2D
    >>> layer_code(Conv2D(filters=64))
    "layers.Conv2D(64, 3, activation='relu')"
    >>> layer_code(LSTM(units=64, bidirectional=True))
    'layers.Bidirectional(layers.LSTM(64))'
    """
    options = layer.keras_options()
    options.pop("bidirectional", None)  # a layer of its own in Keras
    words = [repr(layer.keras_value(name)) for name in layer.by_position]
    words += [f"{name}={value!r}" for name, value in options.items() if name not in layer.by_position]
    if masked and layer.kind in CUDNN_KINDS:
        words.append("use_cudnn=False")
    words += kernels if layer.has_kernel else ()
    if isinstance(layer, RandomContrast):
        words.append(f"value_range={value_range!r}")
    if frozen:
        words.append("trainable=False")
    code = f"layers.{layer.kind}({', '.join(words)})"
    return f"layers.Bidirectional({code})" if isinstance(layer, Recurrent) and layer.bidirectional else code


def optimizer_code(training: TrainSpec) -> str:
    """The optimizer, by its short name where everything is Keras' default.

    >>> optimizer_code(TrainSpec())
    "'adam'"
    """
    optimizer = OPTIMIZERS[training.optimizer]
    values = {name: getattr(training, name) for name in ("learning_rate", *optimizer.options)}
    defaults = {"learning_rate": optimizer.learning_rate, **optimizer.options}
    words = [f"{name}={value!r}" for name, value in values.items() if value != defaults[name]]
    words += [f"{training.clipping}={training.clip_norm!r}"] if training.clipping != "off" else []
    return f"keras.optimizers.{optimizer.keras_class}({', '.join(words)})" if words else repr(training.optimizer)


def compile_arguments(run: RunSpec) -> str:
    """What stands between the brackets of `model.compile`."""
    metrics = "" if run.regression else ", metrics=['accuracy']"
    loss = "mistaken_loss" if twice_softmax(run) else loss_code(run.training)
    return f"optimizer={optimizer_code(run.training)}, loss={loss}{metrics}"


def _training_lines(run: RunSpec) -> list[str]:
    training = run.training
    validation = f", validation_split={training.validation_split!r}" if training.validation_split else ""
    if run.data.folds or holds_back(run):
        validation = ", validation_data=(x_val, y_val)"
    elif run.data.validates_on_test:
        validation = ", validation_data=(x_test, y_test)"
    if run.regression:
        test = ["loss = model.evaluate(x_test, y_test)", "print(f'test loss {loss:.4f}')"]
    else:
        test = ["loss, accuracy = model.evaluate(x_test, y_test)", "print(f'test accuracy {accuracy:.4f}')"]
    callbacks = callback_lines(run)
    weighted = ", class_weight=class_weight" if run.balances else ""
    more = f"{validation}{weighted}{', callbacks=callbacks' if callbacks else ''}"
    return [
        *mistaken_loss_lines(run),
        f"model.compile({compile_arguments(run)})",
        *class_weight_lines(run),
        *callbacks,
        f"model.fit(x_train, y_train, epochs={training.epochs}, batch_size={training.batch_size}{more})",
        "",
        *test,
    ]
