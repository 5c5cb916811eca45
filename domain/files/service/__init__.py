"""Storing files, and saying what they belong to."""

from domain.files.service.attaching import attach, remove_file
from domain.files.service.storing import store_file, store_made_file

__all__ = ["attach", "remove_file", "store_file", "store_made_file"]
