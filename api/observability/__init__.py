"""What can be seen of a process from outside: its figures for Prometheus, its traces for OpenTelemetry."""
