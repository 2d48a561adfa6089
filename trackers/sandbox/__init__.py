"""Stand-ins of the sites Herald talks to, served on loopback.

The sandbox shares no code with the adapters, on purpose: it is the far end of their
tests. It knows nothing of Herald's database either and keeps its own state in one
SQLite file. docs/sandbox.md describes it for the people who use it.
"""
