"""The Learn pages, a folder each; `page` is what they share."""
