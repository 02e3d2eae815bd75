"""What other outlets publish, and our picks of it. Reserved: see README.md."""
