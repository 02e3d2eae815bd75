"""Other outlets' feeds read into one canonical form. Pure: bytes in, values out; no clock, no network, no database."""
