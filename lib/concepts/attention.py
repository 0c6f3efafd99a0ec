"""Attention: every step of a sequence takes a weighted mean of all steps, and its query decides the weights.

Formulas are those of Vaswani and others (2017): Attention is all you need, sections 3.1 to 3.3; axes stand in the
order of Keras' MultiHeadAttention. Every array on the way is kept, so that a page can show the arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.concepts.activations import relu, softmax
from lib.concepts.dense import dense
from lib.concepts.normalization import layer_normalization

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]
Weights = Mapping[str, Values]

FORBIDDEN = np.float32(0.7 * np.finfo(np.float32).min)
"""What a score becomes where a step may not look: softmax makes 0 of it, and all the same where it may look nowhere."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What is done otherwise than in the trained network.

    Attributes:
        causal: whether a step may look only at itself and at those before it, as in a model that writes texts.
        temperature: scores are divided by it: below 1 the largest one wins more, above 1 all become more alike.
        uniform: whether all steps that may be looked at get the same weight, whatever their scores.
        heads_off: heads that add nothing, from 0.
    """

    causal: bool = False
    temperature: float = 1.0
    uniform: bool = False
    heads_off: tuple[int, ...] = ()


AS_TRAINED = Variant()


@dataclass(frozen=True, slots=True, eq=False)
class AttentionSteps:
    """What self-attention did with one sequence.

    Attributes:
        query, key, value: what each step asks, answers to, and has to give, each `(steps, heads, key_dim)`.
        products: sum of query times key of each pair, `(heads, steps, steps)`; the first step is the one that asks.
        scores: `products` over the root of key_dim and over the temperature; where a step may not look as well.
        allowed: which step may look where, `(steps, steps)`.
        weights: softmax of each row of scores, `(heads, steps, steps)`; each row adds up to 1.
        mixed: weighted mean of the values, `(steps, heads, key_dim)`; 0 for a head that is off.
        output: `mixed` of all heads in one row, through the output projection, `(steps, features)`.
    """

    query: Values
    key: Values
    value: Values
    products: Values
    scores: Values
    allowed: Mask
    weights: Values
    mixed: Values
    output: Values

    @property
    def joined(self) -> Values:
        """`mixed` of all heads side by side, the first head's numbers first, `(steps, heads * key_dim)`."""
        return self.mixed.reshape(len(self.mixed), -1)


@dataclass(frozen=True, slots=True, eq=False)
class BlockSteps:
    """What a TransformerBlock did with one sequence; all but `attention` and `inner` are `(steps, features)`.

    Attributes:
        inputs: what went in.
        attention: how the steps looked at each other.
        attended: `inputs + attention.output`, the first residual connection.
        normalized: `attended`, each step centred and scaled.
        inner: the first Dense layer's output, `(steps, intermediate_dim)`.
        outer: the second Dense layer's.
        summed: `normalized + outer`, the second residual connection.
        output: `summed`, each step centred and scaled.
    """

    inputs: Values
    attention: AttentionSteps
    attended: Values
    normalized: Values
    inner: Values
    outer: Values
    summed: Values
    output: Values


def places(steps: int, mask: Mask | None = None) -> NDArray[np.intp]:
    """The place of each word in its sentence, from 0; padding has that of the word before it, or the first one.

    `place[t] = max(real[0] + ... + real[t] - 1, 0)`

    Args:
        steps: of the sequence.
        mask: `(steps,)`, False for padding; without it all steps count.

    Returns:
        `(steps,)`.

    >>> places(4, np.array([False, False, True, True]))
    array([0, 0, 0, 1])
    """
    real = np.ones(steps, np.intp) if mask is None else mask.astype(np.intp)
    return np.maximum(np.cumsum(real) - 1, 0)


def add_positions(sequence: Values, table: Values, mask: Mask | None = None) -> Values:
    """Each step with the learned row of its place added.

    `out[t] = sequence[t] + table[place[t]]`

    Args:
        sequence: `(steps, features)`.
        table: `(steps, features)`.
        mask: `(steps,)`, False for padding.

    Returns:
        `(steps, features)`.

    >>> table = np.array([[10], [20]], np.float32)
    >>> add_positions(np.array([[1], [2]], np.float32), table).ravel()
    array([11., 22.], dtype=float32)
    """
    rows: Values = sequence + table[places(len(sequence), mask)]
    return rows


def project(sequence: Values, kernel: Values, bias: Values) -> Values:
    """Queries, keys or values: for each step and head its own weighted sums of the step's features.

    `out[t, h, d] = sum over f of sequence[t, f] * kernel[f, h, d] + bias[h, d]`

    Args:
        sequence: `(steps, features)`.
        kernel: `(features, heads, key_dim)`.
        bias: `(heads, key_dim)`.

    Returns:
        `(steps, heads, key_dim)`.
    """
    sums: Values = np.tensordot(sequence, kernel, axes=1) + bias
    return sums


def pair_products(query: Values, key: Values) -> Values:
    """How well what one step asks fits what another one answers to: the product of two vectors, for each head.

    `out[h, t, s] = sum over d of query[t, h, d] * key[s, h, d]`

    Args:
        query, key: `(steps, heads, key_dim)`.

    Returns:
        `(heads, steps, steps)`; the first of the two steps is the one that asks.

    >>> query, key = np.array([[[1, 2]], [[0, 1]]], np.float32), np.array([[[3, 0]], [[0, 4]]], np.float32)
    >>> pair_products(query, key)[0].tolist()
    [[3.0, 8.0], [0.0, 4.0]]
    """
    products: Values = np.moveaxis(query, 1, 0) @ np.moveaxis(key, 0, 2)
    return products


def may_look(steps: int, mask: Mask | None = None, causal: bool = False) -> Mask:
    """Which step may look at which: at words, not at padding, and in a causal model at nothing behind itself.

    Args:
        steps: of the sequence.
        mask: `(steps,)`, False for padding.
        causal: whether a step may not look at those behind it.

    Returns:
        `(steps, steps)`; the first of the two steps is the one that looks.

    >>> may_look(3, np.array([False, True, True]), causal=True).astype(int)
    array([[0, 0, 0],
           [0, 1, 0],
           [0, 1, 1]])
    """
    allowed = np.ones((steps, steps), np.bool_)
    if mask is not None:
        allowed &= mask
    return np.tril(allowed) if causal else allowed


def row_weights(scores: Values, allowed: Mask, uniform: bool = False) -> Values:
    """Softmax of each row over the steps that may be looked at.

    `out[h, t, s] = exp(scores[h, t, s]) / sum over allowed r of exp(scores[h, t, r])`, and 0 where t may not look at s

    A step that may look nowhere gives all steps the same weight, as in Keras.

    Args:
        scores: `(heads, steps, steps)`.
        allowed: `(steps, steps)`.
        uniform: whether the scores do not count.

    Returns:
        `(heads, steps, steps)`.

    >>> row_weights(np.zeros((1, 2, 2), np.float32), np.array([[True, False], [True, True]]))[0].tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """
    counted = np.zeros_like(scores) if uniform else scores
    return softmax(np.where(allowed, counted, FORBIDDEN))


def mix(weights: Values, value: Values) -> Values:
    """The weighted mean of all steps' values, for each step and head.

    `out[t, h, d] = sum over s of weights[h, t, s] * value[s, h, d]`

    Args:
        weights: `(heads, steps, steps)`.
        value: `(steps, heads, key_dim)`.

    Returns:
        `(steps, heads, key_dim)`.
    """
    return np.moveaxis(weights @ np.moveaxis(value, 1, 0), 0, 1)


def attention(
    sequence: Values, weights: Weights, mask: Mask | None = None, variant: Variant = AS_TRAINED
) -> AttentionSteps:
    """Self-attention with several heads, step by step.

    Args:
        sequence: `(steps, features)`.
        weights: `query_kernel`, `query_bias` and so on, as in `MultiHeadAttention.weight_shapes`.
        mask: `(steps,)`, False for padding.
        variant: what is done otherwise.

    Returns:
        Every array on the way.
    """
    query, key, value = (
        project(sequence, weights[f"{name}_kernel"], weights[f"{name}_bias"]) for name in ("query", "key", "value")
    )
    products = pair_products(query, key)
    scores = products * np.float32(1 / (math.sqrt(query.shape[-1]) * variant.temperature))
    allowed = may_look(len(sequence), mask, variant.causal)
    shares = row_weights(scores, allowed, variant.uniform)
    mixed = mix(shares, value)
    mixed[:, list(variant.heads_off)] = 0
    output = np.tensordot(mixed, weights["output_kernel"], axes=2) + weights["output_bias"]
    return AttentionSteps(query, key, value, products, scores, allowed, shares, mixed, output)


def block(sequence: Values, weights: Weights, mask: Mask | None = None, variant: Variant = AS_TRAINED) -> BlockSteps:
    """A whole TransformerBlock, part by part; its Dropout drops only while training.

    Args:
        sequence: `(steps, features)`.
        weights: named as in `TransformerBlock.weight_shapes`.
        mask: `(steps,)`, False for padding.
        variant: what is done otherwise.

    Returns:
        What each part gives.
    """
    own = {word.removeprefix("attention_"): array for word, array in weights.items() if word.startswith("attention_")}
    looked = attention(sequence, own, mask, variant)
    attended = sequence + looked.output
    gamma, beta = (weights[f"attention_normalization_{word}"] for word in ("gamma", "beta"))
    normalized = layer_normalization(attended, gamma, beta)
    inner = relu(dense(normalized, weights["inner_kernel"]) + weights["inner_bias"])
    outer = dense(inner, weights["outer_kernel"]) + weights["outer_bias"]
    summed = normalized + outer
    output = layer_normalization(summed, weights["gamma"], weights["beta"])
    return BlockSteps(sequence, looked, attended, normalized, inner, outer, summed, output)


@dataclass(frozen=True, slots=True, eq=False)
class CellSum:
    """How the number in one cell of a head's matrix comes about.

    Attributes:
        terms: query times key, number by number, `(key_dim,)`.
        product: their sum.
        root: of key_dim, by which the sum is divided, and the temperature by which it is divided again.
        score: the quotient.
        allowed: whether the step may look there.
        largest: the row's largest score among those allowed; it is taken away before the exponential.
        power: `exp(score - largest)`; 0 where the step may not look.
        total: of the row's powers.
        weight: `power / total`.
        given: what the cell adds to the head's output, `weight * value`, `(key_dim,)`.
    """

    terms: Values
    product: float
    root: float
    temperature: float
    score: float
    allowed: bool
    largest: float
    power: float
    total: float
    weight: float
    given: Values


def cell_sum(steps: AttentionSteps, head: int, asks: int, answers: int, variant: Variant = AS_TRAINED) -> CellSum:
    """The arithmetic of one cell, from the query to what the cell gives.

    Args:
        steps: what attention did.
        head: from 0.
        asks: the step that looks, the row of the matrix.
        answers: the step that is looked at, its column.
        variant: with which attention was computed.

    Returns:
        The numbers on the way. With uniform attention the scores do not count: every allowed power is 1.
    """
    terms = steps.query[asks, head] * steps.key[answers, head]
    row, allowed = steps.scores[head, asks], steps.allowed[asks]
    looks = allowed if allowed.any() else np.ones_like(allowed)
    counted = np.zeros_like(row) if variant.uniform or not allowed.any() else row
    largest = counted[looks].max()
    powers = np.where(looks, np.exp(np.where(looks, counted - largest, 0)), 0)
    root = math.sqrt(steps.query.shape[-1])
    weight = steps.weights[head, asks, answers]
    return CellSum(
        terms, float(terms.sum()), root, variant.temperature, float(row[answers]), bool(allowed[answers]),
        float(largest), float(powers[answers]), float(powers.sum()), float(weight),
        weight * steps.value[answers, head],
    )  # fmt: skip
