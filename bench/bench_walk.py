"""What the work costs, walked in a browser: `./dev bench walk [OPTIONS] [WALK…]`.

One line a walk, tab-separated: name, clicks, keys, screens, seconds; then, for those
that stock Odoo has too, how many clicks are ours.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from time import monotonic

import psycopg2
from playwright.sync_api import Error, sync_playwright

from bench.walk import SCENARIOS
from bench.walk.keyboard import KeyboardWalker
from bench.walk.walker import Stopped, Walker

# {picture of README: the walk, and the step that ends on it}
README = {
    "screenshot_refusal": ("light", "refused"),
}
_README_FOLDER = Path("souverainete_achat/static/description")


def main():
    options = parse()
    print(f"pictures: {options.pictures}", file=sys.stderr)
    with sync_playwright() as playwright, psycopg2.connect("") as database:
        database.autocommit = True
        browser = playwright.chromium.launch(
            executable_path=os.environ["WALK_BROWSER"],
            args=["--no-sandbox", "--disable-gpu"],
        )
        done = [walk(browser, database, name, options) for name in options.names]
    if options.readme:
        illustrate(options)
    return 0 if all(done) else 1


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench walk")
    parser.add_argument("names", nargs="*", choices=[[], *SCENARIOS], metavar="NAME")
    parser.add_argument("--pictures", type=Path, metavar="DIR")
    parser.add_argument("--readme", action="store_true", help="renew README's pictures")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--keyboard", action="store_true", help="walk without a mouse")
    options = parser.parse_args()
    options.names = options.names or list(SCENARIOS)
    options.pictures = options.pictures or Path(tempfile.mkdtemp(prefix="walk-"))
    return options


def walk(browser, database, name, options):
    """One line; whether the walk came to its end."""
    folder = options.pictures / name
    folder.mkdir(parents=True, exist_ok=True)
    kind = KeyboardWalker if options.keyboard else Walker
    walker = kind(browser, os.environ["WALK_ADDRESS"], database, folder, options.width)
    start = monotonic()
    try:
        SCENARIOS[name](walker)
    except (Stopped, Error) as error:
        print(f"{name}\tstopped at: {walker.step_name}", flush=True)
        print(f"  {error}", file=sys.stderr)
        return False
    finally:
        walker.close()
    seconds = f"{monotonic() - start:.0f}"
    counts = [walker.clicks, walker.keys, walker.screens, seconds]
    if walker.ours:
        counts.append(f"{walker.ours} ours")
    print(name, *counts, sep="\t", flush=True)
    return True


def illustrate(options):
    for picture, (name, step) in README.items():
        for path in (options.pictures / name).glob(f"*_{step}.png"):
            shutil.copy(path, _README_FOLDER / f"{picture}.png")


if __name__ == "__main__":
    sys.exit(main())
