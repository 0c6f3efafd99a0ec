"""What a dataset choice, a layer, a model and a training are: frozen, validated, plain data."""
