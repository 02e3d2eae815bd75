"""What the library remembers: how the archive hangs together, and what readers keep of it."""
