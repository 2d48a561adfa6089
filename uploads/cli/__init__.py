"""What `manage.py upload` does, apart from its arguments."""
