"""Runs in a store as workers would have told them, without a worker."""

import numpy as np

from lib import events
from lib.arrays import pack
from lib.concepts.forward import weight_shapes
from lib.specs.recipes import RECIPES

SPEC = RECIPES["dense_128"].run


def tell(book, run_id, owner="ann", megabytes=1, batches=50, end=True, spec=SPEC):
    """Have a run of one epoch told, with weights of so many MB; it is done then, or under way.

    Args:
        book: a `RunBook`.
    """
    book.add(run_id, owner, spec)
    told = [events.Queued(1, 2, 0.001), events.Submitted(), events.Started("CPU", batches, 1)]
    told += [events.Batch(1, n, [[n / batches, 1.0, 0.5]] * 20, 10.0, 1.0) for n in range(1, batches + 1)]
    told += [events.Epoch(1, 1.0, 0.5, 2.0, 0.001), events.Checkpoint(2, 0)]
    for event in told:
        book.apply(run_id, event)
    book.journal.written(lambda: None)  # all of it is stored now
    arrays = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(spec.model).items()}
    room = megabytes * 250_000 - sum(array.size for array in arrays.values())
    weights = pack({**arrays, "surplus": np.zeros(max(room, 0), np.float32)})
    book.store.add_checkpoint(run_id, {"epoch": 2, "batch": 0, "sums": (1, 2, 3), "weights": weights, "state": b""})
    outputs = pack({"probabilities": np.full((2_000, 10), 0.1, np.float32)})
    evaluation = {"loss": 0.1, "accuracy": 0.9, "seconds": 1.0, "probabilities": outputs}
    book.store.set_evaluation(run_id, evaluation)
    if end:
        book.apply(run_id, events.Evaluated(0.1, 0.9, 2_000, 1.0))
        book.apply(run_id, events.Done())
        book.journal.written(lambda: None)
    return book.snapshot(run_id)
