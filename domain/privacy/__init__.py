"""Personal data: what is held of whom, given out to them, and erased when nothing stands against it."""
