"""Work that can wait: a durable queue, the schedules that fill it by the clock, and the record of what ran."""
