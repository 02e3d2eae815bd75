"""Nudges of the newsroom. Each carries an id or a key and nothing else: whoever is woken reads the rows again."""

from django.dispatch import Signal

# Carries `article_id`: published, corrected, taken back, put back, moved or deleted. Sent on commit.
article_changed = Signal()

# Carries `key`, as in galleys ("country:12", "contributor:3", "front"): what shows it is stale. Sent on commit.
key_changed = Signal()
