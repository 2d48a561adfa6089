"""What can be wrong with a path or a folder."""

from common.errors import AppError


class IngestError(AppError):
    """A path or folder that cannot become a release."""

    code = "ingest_failed"
