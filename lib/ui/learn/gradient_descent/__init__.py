"""The page Gradient descent."""
