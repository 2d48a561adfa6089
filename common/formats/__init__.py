"""How dates and times look, by language: the same on every page."""
