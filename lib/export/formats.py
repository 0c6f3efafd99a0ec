"""The kinds of files that a trained model can be taken home in, and the packages that Keras needs to write them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes:
        title: what a person calls it.
        ending: of the file's name.
        packages: what Keras imports to write it, with TensorFlow as its backend.
    """

    title: str
    ending: str
    packages: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """Packages that are not installed here. Nothing is imported to find out."""
        return tuple(name for name in self.packages if find_spec(name) is None)


FORMATS = {
    "keras": Format("Model (.keras)", ".keras"),
    "onnx": Format("ONNX (.onnx)", ".onnx", ("onnx", "tf2onnx")),
    "litert": Format("LiteRT (.tflite)", ".tflite", ("tensorflow",)),
}
"""By the names that Keras' `model.export` takes; "keras" is `model.save`."""
