"""Prettier and ESLint, installed into the cache where Node.js is there to run them."""

import shutil
from pathlib import Path

from . import cache
from .report import run_quietly, say

_PACKAGES = Path(__file__).parent / "package.json"


def is_available():
    return bool(shutil.which("node") and shutil.which("npm"))


def prettier():
    folder = _installed()
    return [
        "node",
        folder / "prettier" / "bin" / "prettier.cjs",
        "--plugin",
        folder / "@prettier" / "plugin-xml" / "src" / "plugin.js",
    ]


def eslint():
    return ["node", _installed() / "eslint" / "bin" / "eslint.js"]


def _installed():
    text = _PACKAGES.read_text()

    def build(target):
        say("installing the formatters from npm (once)…")
        (target / "package.json").write_text(text)
        run_quietly(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
            "npm could not install the formatters. Is the network up?",
            cwd=target,
        )

    folder = cache.folder("node") / f"formatters-{cache.key(text)}"
    return cache.build_once(folder, build) / "node_modules"
