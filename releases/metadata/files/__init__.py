"""Readers of audio files, one module per format. Pure; content is never trusted."""
