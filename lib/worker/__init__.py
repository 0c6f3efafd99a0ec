"""Keras: build, train, evaluate, export. The only code that imports keras or tensorflow, in worker processes."""
