"""A sheet filled in elsewhere: a downloaded workbook or a copied column, and what it would change."""
