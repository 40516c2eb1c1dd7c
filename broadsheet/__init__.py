"""Broadsheet: a static site generator made for news sections."""

__version__ = "0.1.0"
