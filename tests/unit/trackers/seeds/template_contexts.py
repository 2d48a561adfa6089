"""Three contexts for the shipped templates: a full one, a bare one, a hostile one."""

from typing import Any

RICH: dict[str, Any] = {
    "release": {
        "name": "Herbert George Wells - The Time Machine (1895) [Example]",
        "kind": "audiobook",
        "size": 98_765_432,
        "size_text": "94.2 MiB",
        "file_count": 2,
    },
    "title": "The Time Machine",
    "subtitle": "An Invention",
    "authors": [{"name": "Herbert George Wells"}],
    "narrators": [{"name": "Ada Example"}, {"name": "Bob Sample"}],
    "series": [{"name": "Scientific Romances", "position": "1"}, {"name": "Classics"}],
    "publisher": "Example Audio",
    "copyright": "©1895 Public Domain",
    "year": 2019,
    "release_date": "2019-05-21",
    "language": "english",
    "genres": ["Science Fiction & Fantasy", "Classics"],
    "tags": ["Time Travel", "Adventure"],
    "summary": "A scientist travels to the far future.",
    "description_html": "<p>A <b>Victorian</b> scientist …</p>",
    "description_text": "A Victorian scientist …",
    "description_bbcode": (
        "A [b]Victorian[/b] scientist builds a machine and travels to the year "
        "802,701, where he finds the gentle Eloi and what lives beneath them.\n\n"
        "[i]“It is a law of nature we overlook, that intellectual versatility is the "
        "compensation for change, danger, and trouble.”[/i]\n\n"
        "The book that gave the time machine its name."
    ),
    "asin": "B0EXAMPLE1",
    "isbn": "9780000000002",
    "runtime_ms": 12_754_000,
    "runtime": "3 h 32 min",
    "cover_url": "https://images.example.org/covers/time-machine.jpg",
    "format_type": "unabridged",
    "rating": "4.6",
    "chapters": [
        {
            "number": number,
            "title": title,
            "start": f"{(number - 1) * 796 // 3600}:{(number - 1) * 796 // 60 % 60:02}"
            f":{(number - 1) * 796 % 60:02}",
            "start_ms": (number - 1) * 796_000,
            "end_ms": number * 796_000,
            "length": "13:16",
        }
        for number, title in enumerate(
            ["Introduction", "The Machine", "The Time Traveller Returns",
             "Time Travelling", "In the Golden Age", "The Sunset of Mankind",
             "A Sudden Shock", "Explanation", "The Morlocks", "When Night Came",
             "The Palace of Green Porcelain", "In the Darkness",
             "The Trap of the White Sphinx", "The Further Vision", "After the Story"],
            start=1,
        )
    ],
    "audio": {
        "codec": "AAC",
        "container": "M4B",
        "lossless": False,
        "bitrate": 62_794,
        "bitrate_kbps": 64,
        "bitrate_mode": "CBR",
        "preset": "",
        "sample_rate": 44_100,
        "channels": 2,
    },
    "files": [
        {"path": "The Time Machine.m4b", "size": 98_712_184, "size_text": "94.1 MiB"},
        {"path": "cover.jpg", "size": 53_248, "size_text": "52.0 KiB"},
    ],
    "tracker": {"slug": "red", "name": "RED"},
    "site": {"format": "AAC", "bitrate": "Other", "other_bitrate": "64"},
}  # fmt: skip

MINIMAL: dict[str, Any] = {
    "release": {
        "name": "some_folder",
        "kind": "audiobook",
        "size": 1000,
        "size_text": "1000 B",
        "file_count": 1,
    },
    "title": "Some Book",
    "files": [{"path": "Some Book.mp3", "size": 1000, "size_text": "1000 B"}],
    "tracker": {"slug": "ops", "name": "OPS"},
    "site": {"format": "MP3", "bitrate": "64"},
}

_EVIL = "[/pre][/hide][b]x[/b]{{ 7 | times: 6 }}{% assign a = 1 %}\n==H==\n\u202egpj"

HOSTILE: dict[str, Any] = {
    "release": {
        "name": _EVIL,
        "kind": "audiobook",
        "size": 10**15,
        "size_text": "909 TiB",
        "file_count": 700,
    },
    "title": _EVIL + "語" * 300,
    "subtitle": "[img]https://evil.example/a.png[/img]\n[url=javascript:alert(1)]x[/url]",
    "authors": [{"name": f"{_EVIL} {n}"} for n in range(30)],
    "narrators": [{"name": "שלום"}, {"name": ""}, {"asin": "no name"}],
    "series": [{"name": "[quote]", "position": "[/quote]"}],
    "publisher": "A\r\n[hr]\r\nB",
    "copyright": "\x00\x1b[31m",
    "year": "[b]19[/b]",
    "release_date": "not a date",
    "language": "[color=red]",
    "genres": ["文学", "Ünïcode!!", "..", "[b]bold[/b]", "x" * 150, "y" * 150],
    "tags": ["sci fi", "Sci-Fi", "", "a,b"],
    "description_text": "[hide]never closed [code] [[b]\n== x ==\n" + "[" * 100,
    "asin": "[s]",
    "isbn": "{{ isbn }}",
    "runtime": "[u]",
    "cover_url": "https://evil.example/a.png[/img][b]x.png",
    "format_type": "[spoiler]",
    "rating": "[size=10]",
    "chapters": [
        {
            "number": n,
            "title": f"[b]{n}[/pre]",
            "start": "[b]",
            "start_ms": n,
            "end_ms": n,
            "length": "",
        }
        for n in range(1, 301)
    ],
    "audio": {
        "codec": "[i]",
        "container": "[u]",
        "bitrate_kbps": "[b]",
        "bitrate_mode": "[s]",
        "channels": 99,
        "sample_rate": "[b]",
        "encoder": "[img]x[/img]",
    },
    "files": [
        {"path": f"[/hide]\n{n}\udcff.mp3", "size": n, "size_text": f"{n} B"}
        for n in range(510)
    ],
    "tracker": {"slug": "red", "name": "RED"},
    "site": {"format": "AAC", "bitrate": "Other", "other_bitrate": "64"},
}

CONTEXTS = {"rich": RICH, "minimal": MINIMAL, "hostile": HOSTILE}
