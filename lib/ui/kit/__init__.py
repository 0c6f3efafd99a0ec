"""Parts that know nothing of any page: options, lessons, words, links, components."""
