"""Overfitting: a curve that learns its points by heart, a network that does, and what helps."""

from lib.concepts import fitting
from lib.ui.learn import overfitting, page

page.begin("overfitting")
overfitting.polynomial()
page.below()
overfitting.network()
page.closing("overfitting", fitting.measure, fitting.fit, fitting.error, fitting.errors_by_degree)
