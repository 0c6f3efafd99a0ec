"""Imports plotly and Pillow for all pages at once: two script threads that import plotly together break each other."""

import PIL.Image
import plotly.graph_objects
import plotly.io

__all__ = ["PIL", "plotly"]
