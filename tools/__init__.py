"""Tools: how bundled files were made, repeatable."""
