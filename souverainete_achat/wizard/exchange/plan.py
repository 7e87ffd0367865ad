"""What an import means to do with some records, before and after doing it."""

from dataclasses import dataclass, field

# Lines imported together: enough for their queries to be shared, few enough to show
# progress on a long file.
BATCH = 100

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
SKIPPED, REFUSED, ABSENT = "skipped", "refused", "absent"


@dataclass
class Plan:
    """Records of the source that make one record here, and their fate."""

    records: list
    status: str = CREATED
    notes: list = field(default_factory=list)
    # All that the source says; of a file that exists, what is to be written of it.
    vals: dict = field(default_factory=dict)
    changes: dict = field(default_factory=dict)
    # Whether the preview proposes to leave it out.
    doubtful: bool = False
    # The record that exists already, if any.
    found: object = None
    # Of a qualification: the records of the same service, and the line it renews.
    same: object = None
    earlier: object = None
    # Of a contract known here that a notice changes: the amendment to prepare.
    amendment: dict = field(default_factory=dict)
    # {identifier: partner} of the holders known before writing.
    holders: dict = field(default_factory=dict)

    @property
    def record(self):
        """The record that speaks for the others: the first in the source."""
        return self.records[0]

    @property
    def key(self):
        return self.record.key

    def settle(self, status, *notes):
        self.status = status
        self.notes += notes
