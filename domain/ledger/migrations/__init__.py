"""Accounts, journal, holds and snapshots, with the guards that hold whoever writes."""
