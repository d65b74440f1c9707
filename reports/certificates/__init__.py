"""Certificates of what closed cycles awarded."""
