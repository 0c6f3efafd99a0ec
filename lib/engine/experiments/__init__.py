"""Experiments: sets of runs that answer one question, what is kept of them, and who sends their runs on their way."""
