"""Specs written as the code that a person would have written by hand."""
