"""The live queue: what is sent, what waits and why, what asks, what failed."""
