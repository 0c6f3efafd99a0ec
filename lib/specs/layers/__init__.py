"""The layers that LayerLab knows, with their options, shapes and parameter sums."""
