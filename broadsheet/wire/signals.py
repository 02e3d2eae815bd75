"""Nudges of the wire. Each carries an id and nothing else: whoever is woken reads the rows again."""

from django.dispatch import Signal

# Carries `refusal_id`: whatever leads there is to stand nowhere from now on. Sent on commit.
refused = Signal()
