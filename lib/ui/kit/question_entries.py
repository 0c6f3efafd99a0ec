"""The questions that people ask again and again: what each is about, where one sees its answer, and its sources.

The words of a question and of its answer stand in `assets/lessons/questions.md`, under its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from lib.specs.broken import BROKEN
from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.ui.kit import question_sources as source
from lib.ui.kit.question_sources import Source

THEMES = {
    "start": "Before you begin",
    "data": "Data",
    "layers": "Layers and shapes",
    "training": "Training",
    "answers": "Answers",
}
"""What the questions are about, in the order of the page."""


@dataclass(frozen=True, slots=True)
class See:
    """Where one sees an answer.

    Attributes:
        page: the file's stem in `pages/`.
        label: what the link says.
        query: the page's address.
    """

    page: str
    label: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with a short answer.

    Attributes:
        theme: one of `THEMES`.
        see: where one sees the answer.
        sources: of numbers and claims that do not come from LayerLab.
        also: other words that people search with.
    """

    theme: str
    see: See
    sources: tuple[Source, ...] = ()
    also: str = ""


def _build(label: str, run: RunSpec, **settings: object) -> See:
    """A run on Build & train, with other settings of the training."""
    return See("build", label, to_query(replace(run, training=replace(run.training, **settings))))  # type: ignore[arg-type]


def _opened(see: See, **parts: str) -> See:
    """The same place with parts of the page open, as its address names them."""
    return replace(see, query={**see.query, **parts})


def _layers(label: str, text: str, **other: str) -> See:
    """A network on Build & train, as its address writes it."""
    return See("build", label, {"dataset": "mnist", "layers": text, **other})


def _experiment(label: str, name: str) -> See:
    """Two runs of which one is broken on purpose, in the form of a new experiment."""
    broken = BROKEN[name]
    return See("experiments", label, {"a": urlencode(to_query(broken.a)), "b": urlencode(to_query(broken.b))})


_SIMPLE_CNN, _DENSE = RECIPES["simple_cnn"].run, RECIPES["dense_128"].run
_CNN = _build("the layers of the Simple CNN", _SIMPLE_CNN)
_SPLIT = See("images", "how digits are shared out", {"part": "split"})
_WIDE = See("overfitting", "512 units that learn by heart", {"units": "512"})
QUESTIONS: dict[str, Question] = {
    "epoch": Question("start", _build("the batches of an epoch", _SIMPLE_CNN), also="iteration step steps"),
    "how_many_layers": Question(
        "start", See("experiments", "a sweep over several sizes", {"experiment_kind": "sweep"}),
        (source.BENGIO,), "neurons hidden size width depth architecture choose",
    ),
    "bigger": Question("start", _WIDE, also="better deeper wider model size capacity"),
    "gpu": Question("start", _build("how long it takes here", _SIMPLE_CNN), also="cpu slow fast time cuda"),
    "which_samples": Question("data", _SPLIT, (source.KERAS_FIT,), "validation_split random shuffle stratified last"),
    "validation_or_test": Question("data", _SPLIT, (source.CHOLLET,), "difference dev set holdout"),
    "near_copies": Question(
        "data", See("build", "the card about CIFAR-10", {"dataset": "cifar10", "card": "open"}), (source.BARZ,),
        "duplicates leakage leak data cifar copies",
    ),
    "divide_by_255": Question(
        "data", See("images", "the same digit on three scales", {"part": "scaling"}), (source.LECUN_BACKPROP,),
        "normalise normalize scale scaling standardise rescaling",
    ),
    "channels_last": Question(
        "data", See("images", "a colour picture, pixel by pixel", {"picture_dataset": "cifar10"}),
        (source.KERAS_FORMAT,),
        "shape rgb channels_first data_format image_data_format dimension",
    ),
    "how_many_images": Question(
        "data", See("overfitting", "the same with 4,000 pictures", {"units": "512", "remedy": "more_data"}),
        also="samples data enough small dataset",
    ),
    "does_augmentation_help": Question(
        "data", See("images", "variants of a digit", {"part": "augmentation"}), (source.SHORTEN,),
        "flip rotate augment more data",
    ),
    "why_none": Question("layers", _CNN, (source.KERAS_MODEL,), "none shape batch dimension model.summary summary"),
    "count_parameters": Question("layers", _CNN, also="weights bias conv2d dense calculate number param"),
    "without_flatten": Question(
        "layers", _layers("a Dense layer on the pixels", "Dense(units=10);Flatten;Dense(units=10,activation=softmax)"),
        (source.KERAS_DENSE,), "flatten dense last axis shape error",
    ),
    "really_convolution": Question(
        "layers",
        See("convolution", "a kernel that moves the picture", {"kernel_size": "3", "weights": "0,0,0,0,0,1,0,0,0"}),
        (source.GOODFELLOW_CONVOLUTION,), "correlation flip flipped kernel turned",
    ),
    "even_kernel": Question(
        "layers",
        See("convolution", "a 2x2 kernel with padding same",
            {"kernel": "blur", "kernel_size": "2", "padding": "same"}),
        (source.TENSORFLOW_PADDING,), "same padding even asymmetric 2x2 4x4",
    ),
    "smaller_maps": Question(
        "layers", See("convolution", "the sum with its numbers"), (source.DUMOULIN,),
        "output size shrink formula 26 28 valid",
    ),
    "units_and_steps": Question(
        "layers", See("sequences", "a cell that reads word by word"), (source.KERAS_LSTM,),
        "lstm gru rnn timesteps units time steps parameters",
    ),
    "return_sequences": Question(
        "layers",
        See("build", "an LSTM with a state for each word",
            {**to_query(RECIPES["text_lstm_small"].run),
             "layers": "Embedding(input_dim=5000);LSTM(return_sequences=true);GlobalAveragePooling1D;"
                       "Dense(units=1,activation=sigmoid)",
             "open_layers": "2"}),
        (source.KERAS_LSTM,), "lstm stacked last state sequence output shape",
    ),
    "why_relu": Question(
        "layers", See("activations", "six layers, and what is left", {"depth": "6"}), (source.GLOROT,),
        "relu sigmoid tanh activation vanishing gradient",
    ),
    "dropout_when_used": Question(
        "layers", See("overfitting", "a training with dropout", {"units": "512", "remedy": "dropout"}),
        (source.SRIVASTAVA, source.KERAS_DROPOUT), "dropout inference test time predict scaling",
    ),
    "lower_validation": Question(
        "training", See("overfitting", "both training losses, with dropout", {"units": "8", "remedy": "dropout"}),
        (source.KERAS_FAQ,), "val_loss lower less than smaller higher testing",
    ),
    "both_rise": Question(
        "training", _WIDE, (source.GUO,), "val_loss increases val_accuracy increasing going up together",
    ),
    "is_it_overfitting": Question("training", _WIDE, (source.CHOLLET,), "overfit underfit gap train"),
    "how_many_epochs": Question(
        "training", See("overfitting", "early stopping", {"units": "512", "remedy": "early_stopping"}),
        (source.PRECHELT,), "when stop long",
    ),
    "why_1875": Question(
        "training",
        _layers("6,000 digits in batches of 32", "Flatten;Dense(units=128);Dense(units=10,activation=softmax)",
                samples="6000", batch_size="32", validation_split="0"),
        (source.KERAS_FIT,), "1875 steps 60000 progress bar only not all images 1563 469",
    ),
    "two_runs": Question(
        "training", See("experiments", "pairs that share a seed"), (source.BOUTHILLIER, source.KERAS_SEEDS),
        "random seed reproducible different every time again",
    ),
    "penalty": Question(
        "training", _opened(_build("l2 under More settings", _DENSE, l2=0.001), more="open"),
        (source.KERAS_REGULARIZERS,), "regularization regularisation l1 l2 loss weight decay",
    ),
    "learning_rate": Question(
        "training", See("gradient_descent", "steps that are too long",
                        {"surface": "bowl", "rate": "3", "optimizers": "SGD"}),
        (source.BENGIO,), "lr too high too low best value",
    ),
    "batch_size": Question(
        "training", _opened(_build("a larger batch", _DENSE, batch_size=1_024), more="open"), (source.BENGIO,),
        "32 64 128 large small",
    ),
    "stays_at_ten": Question(
        "training", _experiment("six layers that do not learn", "sigmoid_tower"),
        also="not learning stuck 0.1 0.11 constant chance guessing",
    ),
    "loss_nan": Question(
        "training",
        See("build", "steps that are far too long",
            {"dataset": "points", "points_kind": "regression_plane", "loss": "mean_squared_error", "optimizer": "sgd",
             "learning_rate": "1", "layers": "Dense(units=8);Dense(units=1,activation=linear)", "batch_size": "10",
             "validation_split": "0"}),
        also="inf infinity diverged exploding not a number",
    ),
    "which_crossentropy": Question(
        "training", _build("one sigmoid unit for two classes", RECIPES["points_circle"].run), (source.KERAS_LOSSES,),
        "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy loss difference",
    ),
    "from_logits": Question(
        "training", _experiment("softmax once and twice", "softmax_twice"), (source.KERAS_LOSSES,),
        "from_logits softmax twice linear last layer",
    ),
    "one_image": Question(
        "answers", _build("the input in Keras' code", _DENSE), (source.KERAS_MODEL,),
        "predict single image batch axis expand_dims shape error expected 4d",
    ),
    "digit_misread": Question(
        "answers", See("flattening", "a pad to draw on", {"picture_source": "draw"}), (source.LECUN_MNIST,),
        "wrong drawing handwriting my own recognise recognize",
    ),
    "sure_and_wrong": Question(
        "answers",
        See("flattening", "a boot that the units call a 2",
            {"picture_dataset": "fashion_mnist", "picture_number": "191"}),
        (source.GUO, source.NGUYEN), "confidence confident probability calibrated softmax trust",
    ),
    "what_is_a_logit": Question(
        "answers",
        See("flattening", "three logits, step by step", {"logits_from": "own", "logits": "2, 1, 0.1"}),
        also="score logits raw softmax",
    ),
    "does_it_learn_from_me": Question(
        "answers", See("images", "a picture file of your own", {"picture_source": "upload"}),
        also="privacy private store stored save upload pictures learn online",
    ),
    "below_published": Question(
        "answers", _CNN, also="worse lower accuracy 99% paper tutorial mnist 0.99",
    ),
}  # fmt: skip
"""The questions by id, in the order of the page within each theme. An id stays, whatever becomes of the words."""
