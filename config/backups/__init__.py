"""Backups: the database and the covers in one file; the keys always apart."""
