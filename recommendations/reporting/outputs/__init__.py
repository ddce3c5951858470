"""Files of a report, in five formats that hold the same values.

`write` writes one, `read_properties` says what a file tells about itself. The same report
gives the same bytes, within one release, wherever and whenever it is written.
"""

from recommendations.reporting.outputs.about import terms
from recommendations.reporting.outputs.files import (
    FORMATS,
    CannotPrint,
    UnknownFormat,
    file_name,
    media_type,
    sidecar,
    why_not,
    write,
)
from recommendations.reporting.outputs.languages import LANGUAGES
from recommendations.reporting.outputs.provenance import UnreadableFile, read_properties

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "CannotPrint",
    "UnknownFormat",
    "UnreadableFile",
    "file_name",
    "media_type",
    "read_properties",
    "sidecar",
    "terms",
    "why_not",
    "write",
]
