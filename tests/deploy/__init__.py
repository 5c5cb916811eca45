"""What is written for those who run Daftari: that it is true, and fits together."""
