"""The maths of each layer in numpy, one file a concept, written to be read."""
