"""The page Activations and losses."""
