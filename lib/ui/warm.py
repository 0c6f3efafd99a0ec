"""Imports what any page needs: two script threads importing pandas or plotly at one moment break each other."""

import pandas
import PIL.Image
import plotly.express
import plotly.graph_objects
import plotly.io

__all__ = ["PIL", "pandas", "plotly"]
