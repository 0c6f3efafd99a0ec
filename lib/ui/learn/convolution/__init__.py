"""The page Convolution."""
