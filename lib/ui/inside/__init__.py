"""The page Inside: one sample on its way through a trained network."""
