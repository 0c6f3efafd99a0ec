"""A run trained by plain Keras: `fit` with callbacks, on the batches that a worker would train."""

import math

import numpy as np

from lib.data.preparing import prepare
from lib.worker.build import build_model
from lib.worker.control import Control
from lib.worker.train import StoppedError, Training


def orders(run, samples):
    """The places of the samples in a worker's order, epoch by epoch."""
    for epoch in range(1, run.training.epochs + 1):
        yield np.random.default_rng([run.training.seed, epoch]).permutation(samples)


def batches(run, x, y):
    """The training part in a worker's batches."""
    for order in orders(run, len(x)):
        for start in range(0, len(order), run.training.batch_size):
            chosen = order[start : start + run.training.batch_size]
            yield x[chosen], y[chosen]


def one_hot(run, y):
    return np.eye(len(run.data.class_names), dtype=np.float32)[y]


def arrays(run):
    """Samples and one-hot labels of the training, validation and test part."""
    data = prepare(run.data, run.training.validation_split)
    return [(data.scaling.apply(part.x), one_hot(run, part.y)) for part in (data.train, data.validation, data.test)]


def keras_fit(run, optimizer, loss="categorical_crossentropy", model=None, **words):
    """Train with nothing of ours but the first weights and the order of the batches.

    Returns: the model, and its history with `test_loss` and `test_accuracy`.
    """
    model = model or build_model(run.model, run.training.seed)
    train, validation, test = arrays(run)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    words |= {"validation_data": validation, "shuffle": False, "verbose": 0}
    if "callbacks" in words:  # they belong to one call of `fit`
        steps = math.ceil(len(train[0]) / run.training.batch_size)
        told = model.fit(batches(run, *train), epochs=run.training.epochs, steps_per_epoch=steps, **words).history
    else:
        words["batch_size"] = run.training.batch_size
        each = [model.fit(*(part[order] for part in train), **words).history for order in orders(run, len(train[0]))]
        told = {name: [history[name][0] for history in each] for name in each[0]}
    told["test_loss"], told["test_accuracy"] = model.evaluate(*test, verbose=0)
    return model, told


def worker_fit(run, checkpoint=None, on_event=lambda control, event: None):
    """Train as a worker does. Returns: the training, its events and its checkpoints."""
    told, checkpoints = [], []
    control = Control(run.training.epochs, run.training.learning_rate)

    def report(event):
        told.append(event)
        on_event(control, event)

    training = Training(run, control, report, checkpoints.append, checkpoint)
    try:
        training.fit()
    except StoppedError:
        told.append("stopped")
    return training, told, checkpoints
