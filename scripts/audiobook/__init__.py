"""Makes small, real audio files and says what a correct reader finds in them."""
