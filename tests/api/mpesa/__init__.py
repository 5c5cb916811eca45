"""Tests of the adapter for M-Pesa and of the simulator."""
