"""What is wrong with a training, judged by its curves: rules, hints, and the changes that may cure it."""
