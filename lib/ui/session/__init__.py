"""Who is here and what they work on: the visitor, the engine, the draft, own data, shared state."""
