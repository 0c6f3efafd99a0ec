"""The page Flatten, dense, softmax."""
