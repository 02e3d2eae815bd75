"""Broadsheet: what an independent publisher runs a subscription publication with."""
