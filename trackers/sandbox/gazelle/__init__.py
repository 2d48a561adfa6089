"""The Gazelle family: one implementation, two dialects (`red` and `ops`)."""
