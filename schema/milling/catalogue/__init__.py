"""What the mill deals in, where it lies, with whom it deals, and what its stock warns of."""
