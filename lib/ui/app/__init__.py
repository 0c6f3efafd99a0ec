"""The frame around every page, and the imports that are done once in a process."""
