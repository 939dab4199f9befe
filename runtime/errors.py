"""Every failure that a user of the runtime can meet, each with a hint to act on."""

from __future__ import annotations


class DescantError(Exception):
    """Base of all errors that descant raises on purpose."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        """One sentence that tells the user what to do."""


class RequestError(DescantError, ValueError):
    """A value of the request is out of range; names the field, the value and the limit."""


class BenchReportError(RequestError):
    """A file is not a report of ``descant bench`` that this version reads."""


class PackError(DescantError):
    """Something is wrong with a pack."""


class PackNotFoundError(PackError):
    """There is no pack of that name, folder or file."""


class PackFormatError(PackError):
    """The pack breaks the format; the message holds the key's path."""


class PackIntegrityError(PackError):
    """A file of the pack has another size or hash than the pack says."""


class BackendError(DescantError):
    """The machine or its libraries can't run the pack."""


class ProviderUnavailableError(BackendError):
    """The device that was asked for can't be used here."""


class GraphMismatchError(BackendError):
    """A graph differs from its spec in a name, dtype or shape."""


class DeviceMemoryError(BackendError):
    """The device has too little memory for the request."""


class DeviceLostError(BackendError):
    """The device stopped answering in the middle of the work."""


class NumericalError(DescantError):
    """A stage produced NaN or infinity."""


class OutputError(DescantError):
    """A file could not be written; what was there before is untouched."""


class UnhealthyClipError(NumericalError):
    """A clip failed the health gate, and so did what was tried instead; names the stage."""


class NotReadyError(DescantError):
    """A result was asked for before there is one."""


class GenerationCancelled(DescantError):
    """Generation was stopped on request; not a failure, and never logged as one."""
