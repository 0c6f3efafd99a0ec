"""Which device this process trains on: the one place that asks the backend."""

from __future__ import annotations

import os

import keras


def device_name() -> str:
    """A GPU's own name, or "CPU (n cores)"."""
    names = _gpu_names()
    return names[0] if names else f"CPU ({os.cpu_count()} cores)"


def on_gpu() -> bool:
    """Whether this process trains on a GPU."""
    return bool(_gpu_names())


def _gpu_names() -> list[str]:
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        return [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]
    if keras.backend.backend() == "jax":
        import jax

        return [device.device_kind for device in jax.devices() if device.platform != "cpu"]
    import torch

    return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]


def share_memory() -> None:
    """Take GPU memory as it is needed, so that several workers can share one GPU; before the first operation."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)
