"""What a tracker that has something similar is made to say."""


def similar(strength="sure", why="files", **values):
    """One torrent as a search keeps it."""
    return {
        "remote_id": "7",
        "title": "A Book",
        "url": "https://blue.test/7",
        "format": "MP3",
        "encoding": "320",
        "size": 2048,
        "strength": strength,
        "why": why,
        **values,
    }
