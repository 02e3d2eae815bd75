"""What the library remembers: how the archive hangs together, and what readers keep of it."""

from broadsheet.library.models.gleanings import Gleaning, Named, Telling, ToldOf

__all__ = ["Gleaning", "Named", "Telling", "ToldOf"]
