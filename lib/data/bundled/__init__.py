"""Reading what comes with the app: images, sentences, a table, and the points that are computed."""
