"""Real public data, read where it lies beside the repository; never copied into it."""

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data"


def read_sample(case, name):
    """Bytes of a sample file; skips the test when the folder is not there."""
    path = SAMPLES / name
    if not path.exists():
        case.skipTest("sample data folder ../shared/data not found")
    return path.read_bytes()
