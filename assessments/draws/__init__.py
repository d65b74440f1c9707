"""Spot checks and revisits (抽查, 回头看): who can be drawn, how, and how far apart the review then is."""
