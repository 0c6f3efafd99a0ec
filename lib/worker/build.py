"""Specs -> Keras models."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers as keras_layers

from lib.data.loading import Scaling
from lib.export.keras_code import CUDNN_KINDS
from lib.specs.codec import plain
from lib.specs.layers.attention import TABLE
from lib.specs.layers.branches import WAYS
from lib.specs.layers.known import (
    Embedding,
    Layer,
    ParallelConv2D,
    PositionEmbedding,
    Recurrent,
    SimpleRNN,
    TransformerBlock,
)
from lib.specs.model import ModelSpec, snake_case
from lib.specs.run import RunSpec
from lib.specs.training import FROM_LOGITS, INITIALIZERS, OPTIMIZERS, SMOOTHED, TrainSpec
from lib.worker.attention import places, transformer_block
from lib.worker.device import on_gpu
from lib.worker.weights import spec_name


@dataclass(frozen=True, slots=True)
class Kernels:
    """What all kernels of a model have in common.

    Attributes:
        initializer: class in `keras.initializers` that draws their first weights.
        penalty: what large weights add to the loss, or None.
    """

    initializer: str = "GlorotUniform"
    penalty: keras.regularizers.Regularizer | None = None

    def first(self, numbers: random.Random) -> keras.initializers.Initializer:
        """What draws the first weights of the next kernel; zeros are not drawn, and take no seed."""
        kind = getattr(keras.initializers, self.initializer)
        return kind() if self.initializer == "Zeros" else kind(seed=_next_seed(numbers))


def build_layer(
    layer: Layer, name: str, numbers: random.Random, masked: bool = False, kernels: Kernels | None = None
) -> keras.Layer:
    """The Keras layer of a spec; option names are Keras' own, so they pass straight through.

    Args:
        layer: which layer, with its options.
        name: the Keras layer's name.
        numbers: gives the seeds of first weights and dropout.
        masked: whether the model masks padding, which cuDNN takes at the end of a sentence only.
        kernels: how its kernel begins, and what large weights in it cost; as in Keras without it.
    """
    kernels = kernels or Kernels()
    if isinstance(layer, Recurrent):
        return _build_recurrent(layer, name, numbers, masked, kernels)
    options: dict[str, Any] = {name: layer.keras_value(name) for name in plain(layer)}
    if layer.has_kernel:
        options["kernel_regularizer"] = kernels.penalty
    for option, initializer in layer.draws().items():
        if option == "kernel_initializer":
            options[option] = kernels.first(numbers)
            continue
        seed = _next_seed(numbers)
        options[option] = getattr(keras.initializers, initializer)(seed=seed) if initializer else seed
    made: keras.Layer = getattr(keras_layers, layer.kind)(name=name, **options)
    return made


def _build_recurrent(
    layer: Recurrent, name: str, numbers: random.Random, masked: bool, kernels: Kernels
) -> keras.Layer:
    """A recurrent layer, or two of them inside a Bidirectional."""
    kind = getattr(keras_layers, layer.kind)
    options: dict[str, Any] = {"units": layer.units, "return_sequences": layer.return_sequences}
    options["kernel_regularizer"] = kernels.penalty
    if masked and layer.kind in CUDNN_KINDS:
        options["use_cudnn"] = False
    drawn = _recurrent_draws(layer, numbers, kernels)
    if not layer.bidirectional:
        return kind(name=name, **options, **drawn)
    # In the exported code those seeds go to the layer that Bidirectional makes its two from; they draw their own.
    stem = snake_case(layer.kind)
    ahead = kind(name=stem, **options, **_recurrent_draws(layer, numbers, kernels))
    back = kind(name=f"backward_{stem}", go_backwards=True, **options, **_recurrent_draws(layer, numbers, kernels))
    return keras_layers.Bidirectional(ahead, backward_layer=back, name=name)


def _recurrent_draws(layer: Recurrent, numbers: random.Random, kernels: Kernels) -> dict[str, Any]:
    """What a recurrent layer draws, in its order: SimpleRNN draws its dropout's seed before the weights'."""
    seed = _next_seed(numbers) if isinstance(layer, SimpleRNN) else None
    kernel = kernels.first(numbers)
    recurrent = keras.initializers.Orthogonal(seed=_next_seed(numbers))
    seed = _next_seed(numbers) if seed is None else seed
    return {"kernel_initializer": kernel, "recurrent_initializer": recurrent, "seed": seed}


def _next_seed(numbers: random.Random) -> int:
    """The seed that Keras itself would draw here after `keras.utils.set_random_seed`.

    Keras draws it from Python's global generator, which other threads of a worker use too: two equal runs then began
    with different weights now and then. A generator of our own gives Keras' numbers without that race.
    """
    return numbers.randint(1, int(1e9))


def build_model(
    spec: ModelSpec,
    seed: int = 0,
    frozen: Sequence[str] = (),
    training: TrainSpec | None = None,
    value_range: tuple[int, int] = (0, 1),
) -> keras.Model:
    """An unfitted model; its first weights are those of the exported code with the same seed.

    Args:
        spec: the stack.
        seed: of the first weights, of dropout, and of the variants that images are trained with.
        frozen: names of layers that do not learn: Keras' `trainable=False`. BatchNormalization among them also keeps
            its moving statistics, and normalises by those.
        training: the layers have its first weights and its penalty of large ones; nothing else of it is used.
        value_range: between which numbers scaled pixels lie; other contrasts are cut off there.

    Raises:
        SpecError: the stack breaks.
    """
    spec.shapes()
    numbers = random.Random(seed)
    kernels = Kernels() if training is None else _kernels(training)
    model = (_build_functional if spec.branched else _build_sequential)(spec, numbers, kernels)
    for layer in model.layers:
        if spec_name(layer.name) in frozen:
            layer.trainable = False
        if isinstance(layer, keras_layers.RandomContrast):
            layer.value_range = value_range
    return model


def build_run(run: RunSpec) -> keras.Model:
    """The model of a run, with the first weights that its seed gives, and its layers as it trains them."""
    return build_model(run.model, run.training.seed, run.frozen, run.training, run.data.value_range)


def _kernels(training: TrainSpec) -> Kernels:
    """The first weights and the penalty that a training gives to all kernels."""
    penalty: keras.regularizers.Regularizer | None = None
    if training.l1 and training.l2:
        penalty = keras.regularizers.L1L2(training.l1, training.l2)
    elif training.l1:
        penalty = keras.regularizers.L1(training.l1)
    elif training.l2:
        penalty = keras.regularizers.L2(training.l2)
    return Kernels(INITIALIZERS[training.kernel_initializer], penalty)


def _build_sequential(spec: ModelSpec, numbers: random.Random, kernels: Kernels) -> keras.Model:
    named = zip(spec.layers, spec.layer_names(), strict=True)
    layers = [build_layer(layer, name, numbers, spec.masks_padding, kernels) for layer, name in named]
    return keras.Sequential([keras.Input(spec.input_shape), *layers], name="sequential")


def _build_functional(spec: ModelSpec, numbers: random.Random, kernels: Kernels) -> keras.Model:
    """A model that is no plain stack, written with the functional API."""
    inputs = values = keras.Input(spec.input_shape)
    words = keras.ops.not_equal(inputs, 0) if spec.tells_masks else None
    for row, masked in zip(spec.trace, spec.masked, strict=True):
        layer, name, real = row.layer, row.name, words if masked else None

        def make(part: Layer, end: str, name: str = name) -> keras.Layer:
            return build_layer(part, f"{name}_{end}" if end else name, numbers, spec.masks_padding, kernels)

        if isinstance(layer, ParallelConv2D):
            maps = [make(branch, way)(values) for way, branch in zip(WAYS, layer.branches, strict=True)]
            values = keras_layers.Concatenate(name=name)(maps)
        elif isinstance(layer, PositionEmbedding):
            table = make(layer.table(values.shape[1:]), TABLE)
            values = keras_layers.Add(name=name)([values, table(places(values, real))])
        elif isinstance(layer, TransformerBlock):
            values = transformer_block(layer, name, values, real, make, lambda: kernels.first(numbers))
        else:
            told = {"mask": real} if layer.uses_mask and real is not None else {}
            layer = layer.unmasked if isinstance(layer, Embedding) and spec.tells_masks else layer
            values = make(layer, "")(values, **told)
    return keras.Model(inputs, values, name="functional")


def build_optimizer(training: TrainSpec) -> keras.optimizers.Optimizer:
    """The optimizer with its rate, the options it has, and how it holds gradients back."""
    optimizer = OPTIMIZERS[training.optimizer]
    options = {name: getattr(training, name) for name in ("learning_rate", *optimizer.options)}
    if training.clipping != "off":
        options[training.clipping] = training.clip_norm
    return getattr(keras.optimizers, optimizer.keras_class)(**options)


def build_loss(training: TrainSpec) -> str | keras.losses.Loss:
    """The loss: its name, or an object where labels are smoothed or scores are taken."""
    options: dict[str, Any] = {"label_smoothing": training.label_smoothing} if training.smooths else {}
    if training.takes_logits:
        options["from_logits"] = True
    return getattr(keras.losses, {**SMOOTHED, **FROM_LOGITS}[training.loss])(**options) if options else training.loss


class TakenLiterally(keras.losses.Loss):
    """A loss with `from_logits=True` that takes what it gets for scores, also where a softmax has made it.

    Keras on TensorFlow knows an answer that comes from softmax, warns, and takes the scores from before the softmax
    instead. Keras on other backends does not, and neither does PyTorch's own crossentropy.
    """

    def __init__(self, loss: keras.losses.Loss) -> None:
        super().__init__(name=loss.name)
        self._loss = loss

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each sample, `(samples,)`."""
        return self._loss.call(y_true, y_pred + 0.0)  # a sum remembers no softmax


def compile_model(model: keras.Model, training: TrainSpec, saved: bool = False) -> None:
    """Give the model its optimizer, loss and the accuracy metric.

    XLA is off on TensorFlow's CPU, where it made small convolutions 3.5 times slower (docs/DECISIONS.md).

    Args:
        model: of the training.
        training: what it shall be compiled for.
        saved: whether it goes into a file, which must be opened without LayerLab.
    """
    jit: bool | str = False if keras.backend.backend() == "tensorflow" and not on_gpu() else "auto"
    loss = build_loss(training)
    if training.takes_logits and not saved:
        loss = TakenLiterally(loss)
    model.compile(build_optimizer(training), loss, metrics=["accuracy"], jit_compile=jit)


def with_scaling(model: keras.Model, scaling: Scaling, training: TrainSpec) -> keras.Model:
    """The same layers behind a Rescaling layer, so that raw pixels or columns can go in; ids go in as they are."""
    if not scaling.scale:
        whole = model
    elif isinstance(model, keras.Sequential):
        whole = keras.Sequential([keras.Input(model.input_shape[1:]), _rescaling(scaling), *model.layers])
    else:
        inputs = keras.Input(model.input_shape[1:])
        whole = keras.Model(inputs, model(_rescaling(scaling)(inputs)))
    compile_model(whole, training, saved=True)
    whole.optimizer.build(whole.trainable_variables)  # or loading the file warns about missing variables
    return whole


def _rescaling(scaling: Scaling) -> keras.Layer:
    return keras_layers.Rescaling(list(scaling.scale), list(scaling.offset), name="rescaling")
