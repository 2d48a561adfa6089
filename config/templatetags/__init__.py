"""Tags for the templates of the whole project."""
