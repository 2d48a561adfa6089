"""The first steps of a fresh Herald, each done where it is read about."""
