"""Settings: base reads the environment; dev, test and prod only differ from it."""
