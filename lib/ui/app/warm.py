"""Imports what any page needs: two script threads importing plotly at one moment break each other."""

import PIL.Image
import plotly.graph_objects
import plotly.io

__all__ = ["PIL", "plotly"]
