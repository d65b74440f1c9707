"""What people type into ordinary forms, by noun. Marks are not here: the scoring grid has its own way."""
