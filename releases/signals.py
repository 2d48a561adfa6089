"""How releases tells upwards. The only signals of the project.

release_prepared   sent inside preparation, after hashing; kwargs: release_id.
                   Receivers make the drafts.
release_ready      a preparation has ended well, drafts and all; kwargs: release_id. What a
                   receiver raises is logged, and changes nothing.
release_changed    files or metadata are no longer what they were; kwargs: release_id,
                   reason (a sentence), actor_id (int or None).
client_answered    a torrent client passed its test; kwargs: client_id. Receivers ask it at
                   once for what waits.
"""

from django.dispatch import Signal

release_prepared = Signal()
release_ready = Signal()
release_changed = Signal()
client_answered = Signal()
