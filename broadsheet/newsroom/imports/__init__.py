"""Bringing articles in from elsewhere: a line becomes a record or is refused, and records are shelved in batches."""
