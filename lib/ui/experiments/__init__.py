"""The page of experiments: a fair question, a guess, runs in pairs, and what they say."""
