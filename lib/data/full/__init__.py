"""Full-size datasets: fetched on request, checked, and read from the cache."""
