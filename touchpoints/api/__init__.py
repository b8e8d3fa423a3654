"""REST of what is drawn: a whole map, its parts, the catalogue, hypotheses."""
