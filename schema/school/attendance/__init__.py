"""The roll: called, corrected, read and followed."""
