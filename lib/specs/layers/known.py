"""The layers LayerLab knows: those for maps, those for sequences, and those for any shape."""

from __future__ import annotations

from lib.specs.layers.attention import MultiHeadAttention, PositionEmbedding, TransformerBlock
from lib.specs.layers.augmenting import (
    GaussianNoise,
    RandomContrast,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from lib.specs.layers.base import ACTIVATIONS, Family, Layer, Parameters, Shape, window_positions, window_sum
from lib.specs.layers.branches import ParallelConv2D
from lib.specs.layers.core import BatchNormalization, Dense, Dropout, Flatten, LayerNormalization
from lib.specs.layers.maps import AveragePooling2D, Conv2D, GlobalAveragePooling2D, MaxPooling2D
from lib.specs.layers.sequences import (
    GRU,
    LSTM,
    Conv1D,
    Embedding,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    MaxPooling1D,
    Recurrent,
    SimpleRNN,
)

__all__ = [
    "ACTIVATIONS", "GRU", "LAYERS", "LSTM", "AveragePooling2D", "BatchNormalization", "Conv1D", "Conv2D", "Dense",
    "Dropout", "Embedding", "Family", "Flatten", "GaussianNoise", "GlobalAveragePooling1D",
    "GlobalAveragePooling2D", "GlobalMaxPooling1D", "Layer", "LayerNormalization", "MaxPooling1D", "MaxPooling2D",
    "MultiHeadAttention", "ParallelConv2D", "Parameters", "PositionEmbedding", "RandomContrast", "RandomFlip",
    "RandomRotation", "RandomTranslation", "RandomZoom", "Recurrent", "Shape", "SimpleRNN", "TransformerBlock",
    "window_positions", "window_sum",
]  # fmt: skip

LAYERS: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        Conv2D, ParallelConv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, Flatten, Dense, Dropout,
        BatchNormalization, LayerNormalization, Embedding, LSTM, GRU, SimpleRNN, Conv1D, MaxPooling1D,
        GlobalAveragePooling1D, GlobalMaxPooling1D, PositionEmbedding, TransformerBlock, RandomFlip, RandomTranslation,
        RandomRotation, RandomZoom, RandomContrast, GaussianNoise,
    )
}  # fmt: skip
