"""Commands to a running training. They arrive on the worker's event loop; the training looks at each batch."""

from __future__ import annotations

import threading


class Control:
    """What a person wants of one training; thread-safe.

    Args:
        epochs: how many to train in all.
        learning_rate: in force from the next batch.
    """

    def __init__(self, epochs: int, learning_rate: float) -> None:
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.stopped = False
        self.paused = False
        self._changed = threading.Condition()

    def apply(self, command: str, value: float | None = None) -> None:
        """Obey `pause`, `resume`, `stop`, `epochs` (in all) or `learning_rate`.

        Raises:
            ValueError: another command.
        """
        with self._changed:
            if command in ("pause", "resume"):
                self.paused = command == "pause"
            elif command == "stop":
                self.stopped = True
            elif command == "epochs" and value is not None:
                self.epochs = int(value)
            elif command == "learning_rate" and value is not None:
                self.learning_rate = value
            else:
                raise ValueError(f"a training has no command {command!r}")
            self._changed.notify_all()

    def wait_while_paused(self) -> None:
        """Block until resumed or stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self.stopped or not self.paused)


CONTROLS: dict[str, Control] = {}
"""Control of each training in this process, by run id and attempt (`id/attempt`)."""
