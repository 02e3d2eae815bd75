"""Nudges of the press. Each carries an id and nothing else: whoever is woken reads the rows again."""

from django.dispatch import Signal

# Carries `article_id`: it was pressed, pressed again or withdrawn. Sent after the commit. Many at once send none: rooms above
# follow Pressing.change.
pressed = Signal()
