"""Commands to a running training. They arrive on the worker's event loop; the training looks for them at each batch."""

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
        self.single_steps = 0
        self.batch_seconds = 0.0
        self._changed = threading.Condition()

    def apply(self, command: str, value: float | None = None) -> None:
        """Obey `pause`, `resume`, `stop`, `epochs` (in all), `learning_rate`, `step` or `pace`.

        `step` trains one batch and pauses; `pace` is the least time of a batch in seconds: slow motion.

        Raises:
            ValueError: another command.
        """
        with self._changed:
            if command in ("pause", "resume"):
                self.paused = command == "pause"
            elif command == "step":
                self.paused, self.single_steps = True, self.single_steps + 1
            elif command == "pace" and value is not None:
                self.batch_seconds = max(value, 0.0)
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
        """Block until resumed or stopped, or for a single step."""
        with self._changed:
            self._changed.wait_for(lambda: self.stopped or not self.paused or self.single_steps > 0)
            self.single_steps = max(self.single_steps - 1, 0)

    def wait(self, seconds: float) -> None:
        """Let time pass in slow motion; a command ends it."""
        with self._changed:
            self._changed.wait(seconds)


CONTROLS: dict[str, Control] = {}
"""Control of each training in this process, by run id and attempt (`id/attempt`)."""
