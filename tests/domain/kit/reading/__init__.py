"""Reading what is only shown."""
