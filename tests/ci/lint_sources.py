#!/usr/bin/env python3
"""Prints the translation units of our rooms and programs, from a build folder's compile_commands.json; no tests, nothing generated.

Usage: lint_sources.py BUILD
"""

import json
import os
import re
import sys

SKIPPED = re.compile(r"_(test|fuzz|benchmark)\.cc$|/generated/|^tests/|_test\.dir/|/tests/")


def sources(commands, root):
    files = (os.path.relpath(command["file"], root) for command in commands)
    return sorted({file for file in files if not SKIPPED.search(file)})


def main():
    with open(os.path.join(sys.argv[1], "compile_commands.json"), encoding="utf-8") as file:
        print("\n".join(sources(json.load(file), os.getcwd())))


if __name__ == "__main__":
    main()
