"""How long the steps of an upload may take, in seconds; what else lasts follows."""

from typing import Final

CONNECT_TIMEOUT_S: Final = 15.0
UPLOAD_READ_TIMEOUT_S: Final = 120.0
UPLOAD_DEADLINE_S: Final = 300.0
LONGEST_UPLOAD_S: Final = CONNECT_TIMEOUT_S + UPLOAD_READ_TIMEOUT_S + UPLOAD_DEADLINE_S
LONGEST_RUN_S: Final = 60.0
"""After this a worker that sends begins no further upload."""
LONGEST_TASK_S: Final = LONGEST_RUN_S + LONGEST_UPLOAD_S
"""Ending a task earlier could cut off an upload that is being sent."""
