"""Who the visitor is and what they work on: the engine, the draft, own data, and the table of session state."""
