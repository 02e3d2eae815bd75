"""What readers do in research: one verb, one transaction."""
