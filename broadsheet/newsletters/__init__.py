"""Editions and who gets them. Reserved: see README.md."""
