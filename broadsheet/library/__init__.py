"""Search and browse over all that was pressed or picked."""
