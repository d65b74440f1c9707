"""Certificates: of what closed cycles awarded, and of the titles that award rounds gave."""
