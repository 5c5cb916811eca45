"""What is done for many: promotions, and the runs of every kind."""
