"""Programs for people who work on Herald; nothing here runs in production."""
