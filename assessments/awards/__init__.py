"""Award ladders: what a candidate must meet, whether it does, and who stands on which rung."""
