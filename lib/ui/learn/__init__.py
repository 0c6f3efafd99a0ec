"""The Learn pages, each with a folder of its own; `page` is what they share."""
