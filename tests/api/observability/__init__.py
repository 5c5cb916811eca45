"""Tests of what can be seen of a process from outside."""
