"""Overfitting: a curve that learns its points by heart, a network that does, and what helps."""

from lib.concepts import fitting
from lib.ui import learn, overfitting_view

learn.begin("overfitting")
overfitting_view.polynomial()
overfitting_view.network()
learn.closing("overfitting", fitting.measure, fitting.fit, fitting.error, fitting.errors_by_degree)
