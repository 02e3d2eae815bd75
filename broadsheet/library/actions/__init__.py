"""What readers and the press do in the library: one verb, one transaction."""
