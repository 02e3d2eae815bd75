"""Nudges of membership. Each carries an id and nothing else: whoever is woken reads the rows again."""

from django.dispatch import Signal

# Carries `reader_id`: they registered, by an address that they confirmed. Sent after the commit.
registered = Signal()
