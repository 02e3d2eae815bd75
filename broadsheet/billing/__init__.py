"""What is sold and what was paid. Reserved: see README.md."""
