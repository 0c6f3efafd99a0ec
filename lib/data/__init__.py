"""Datasets: what there is, the bundled files, the full-size download, splits and scaling. Imports no Keras."""
