"""The Python that a person would have written by hand for a run."""

from __future__ import annotations

from lib.export.data_code import data_lines, import_lines
from lib.specs.fields import changed, default_of
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import Conv1D, Conv2D, Dense, Layer, MaxPooling1D, ParallelConv2D, Recurrent, _Pooling2D
from lib.specs.run import RunSpec
from lib.specs.training import DEFAULT_RATES, TrainSpec

_OPTIMIZER_CLASSES = {"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop", "adagrad": "Adagrad", "adamw": "AdamW"}
# Options that Keras takes by position in everybody's code, and Keras' own defaults where LayerLab's differ.
_BY_POSITION = {
    "Conv2D": ("filters", "kernel_size"),
    "MaxPooling2D": ("pool_size",),
    "AveragePooling2D": ("pool_size",),
    "Conv1D": ("filters", "kernel_size"),
    "MaxPooling1D": ("pool_size",),
    "Embedding": ("input_dim", "output_dim"),
    "LSTM": ("units",),
    "GRU": ("units",),
    "SimpleRNN": ("units",),
    "Dense": ("units",),
    "Dropout": ("rate",),
}
CUDNN_KINDS = ("LSTM", "GRU")
"""Layers for which Keras uses NVIDIA's cuDNN on a GPU."""


def keras_code(run: RunSpec, functional: bool = False) -> str:
    """A complete script: data, model, training, test.

    Args:
        run: a run whose stack has no problem.
        functional: write the model with the functional API; one with branches always is.

    Returns:
        Python source for Keras 3; a table comes from scikit-learn. With the same seed its first weights are those of
        LayerLab's run; its batches come in another order, so its curve is a sibling, not a twin.
    """
    blocks = [
        ["import keras", "from keras import layers", *import_lines(run)],
        [f"keras.utils.set_random_seed({run.training.seed})"],
        data_lines(run),
        _functional_lines(run) if functional or run.model.branched else _model_lines(run),
        _training_lines(run),
    ]
    return "\n\n".join("\n".join(block).strip("\n") for block in blocks).replace("'", '"') + "\n"


def _model_lines(run: RunSpec) -> list[str]:
    layers = [f"    {layer_code(layer, run.model.masks_padding)}," for layer in run.model.layers]
    return [
        "model = keras.Sequential([",
        f"    keras.Input({run.model.input_shape}),",
        *layers,
        "])",
        "model.summary()",
    ]


def _functional_lines(run: RunSpec) -> list[str]:
    model, lines, before = run.model, [f"inputs = keras.Input({run.model.input_shape})"], "inputs"
    for place, layer in enumerate(model.layers, start=1):
        after = "outputs" if place == len(model.layers) else "x"
        if isinstance(layer, ParallelConv2D):
            for way, branch in zip(WAYS, layer.branches, strict=True):
                lines.append(f"{way} = {layer_code(branch)}({before})")
            lines.append(f"{after} = layers.Concatenate()([{', '.join(WAYS)}])")
        else:
            lines.append(f"{after} = {layer_code(layer, model.masks_padding)}({before})")
        before = after
    return [*lines, "model = keras.Model(inputs, outputs)", "model.summary()"]


def layer_code(layer: Layer, masked: bool = False) -> str:
    """One layer's call, with only what differs from Keras' own defaults.

    Args:
        layer: which layer, with its options.
        masked: whether the model masks padding: on a GPU cuDNN refuses masks in front, where Keras pads by default.

    >>> layer_code(Conv2D(filters=64))
    "layers.Conv2D(64, 3, activation='relu')"
    >>> from lib.specs.layers.known import LSTM
    >>> layer_code(LSTM(units=64, bidirectional=True))
    'layers.Bidirectional(layers.LSTM(64))'
    """
    by_position = _BY_POSITION.get(layer.kind, ())
    words = [repr(getattr(layer, name)) for name in by_position]
    words += [f"{name}={value!r}" for name, value in _keras_changed(layer).items() if name not in by_position]
    if masked and layer.kind in CUDNN_KINDS:
        words.append("use_cudnn=False")
    code = f"layers.{layer.kind}({', '.join(words)})"
    return f"layers.Bidirectional({code})" if isinstance(layer, Recurrent) and layer.bidirectional else code


def _keras_changed(layer: Layer) -> dict[str, object]:
    """Options that differ from Keras' defaults, which are not LayerLab's in two places."""
    options: dict[str, object] = changed(layer)
    if isinstance(layer, Conv2D | Conv1D | Dense):
        options = {"activation": layer.activation, **options}
        if layer.activation == "linear":
            del options["activation"]
    if isinstance(layer, _Pooling2D | MaxPooling1D):
        options["strides"] = layer.strides
        if layer.strides == layer.pool_size:
            del options["strides"]
    options.pop("bidirectional", None)  # a layer of its own in Keras
    return options


def optimizer_code(training: TrainSpec) -> str:
    """The optimizer, by its short name where everything is Keras' default.

    >>> optimizer_code(TrainSpec())
    "'adam'"
    """
    words = []
    if training.learning_rate != DEFAULT_RATES[training.optimizer]:
        words.append(f"learning_rate={training.learning_rate!r}")
    if training.optimizer in ("sgd", "rmsprop") and training.momentum:
        words.append(f"momentum={training.momentum!r}")
    if training.optimizer == "sgd" and training.nesterov:
        words.append("nesterov=True")
    if training.optimizer == "adamw" and training.weight_decay != default_of(TrainSpec, "weight_decay"):
        words.append(f"weight_decay={training.weight_decay!r}")
    if not words:
        return repr(training.optimizer)
    return f"keras.optimizers.{_OPTIMIZER_CLASSES[training.optimizer]}({', '.join(words)})"


def _training_lines(run: RunSpec) -> list[str]:
    training = run.training
    validation = f", validation_split={training.validation_split!r}" if training.validation_split else ""
    if run.data.kind == "points":
        validation = ", validation_data=(x_test, y_test)"
    metrics = "" if run.regression else ", metrics=['accuracy']"
    if run.regression:
        test = ["loss = model.evaluate(x_test, y_test)", "print(f'test loss {loss:.4f}')"]
    else:
        test = ["loss, accuracy = model.evaluate(x_test, y_test)", "print(f'test accuracy {accuracy:.4f}')"]
    return [
        f"model.compile(optimizer={optimizer_code(training)}, loss={training.loss!r}{metrics})",
        f"model.fit(x_train, y_train, epochs={training.epochs}, batch_size={training.batch_size}{validation})",
        "",
        *test,
    ]
