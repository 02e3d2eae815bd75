"""Answers, dossiers and alerts from the library. Reserved: see README.md."""
