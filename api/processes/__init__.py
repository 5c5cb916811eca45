"""The processes that Daftari is made of: servers, workers, and both in one for development."""
