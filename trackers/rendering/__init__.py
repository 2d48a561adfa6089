"""Templates that people write and share, rendered in a child process without rights.

Callers use `trackers.rendering.render`; `trackers.rendering.versions` compares and
merges templates. Nothing is imported here: the child loads this package too, and
must start fast and see no Django.
"""
