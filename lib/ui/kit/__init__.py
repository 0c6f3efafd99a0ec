"""Parts that know no page: options, lessons, words, links, components."""
