"""What comes from the provider, from its first byte to the payment that it is about."""
