#!/usr/bin/env python3
"""A name in an anonymous namespace belongs to one source of its room, and likewise among the room's tests.

The presets release, asan and tsan compile the sources of a room together (DRUMFIRE_UNITY), where two such names collide, or
overload each other. The check reads definitions at the left margin, as clang-format leaves them; the compiler finds the rest.
Usage: unity_names.py     Exit code 1 when a name is defined twice.
"""

import collections
import os
import re
import subprocess
import sys

ALONE = re.compile(r"_(main|fuzz|benchmark)\.cc$")  # compiled by themselves
ANONYMOUS = re.compile(r"^namespace \{\n(.*?)^\}  // namespace\n", re.S | re.M)
CONSTANT_OR_TYPE = re.compile(r"^(?:constexpr|const|struct|class|enum class) [^=;{(]*?(\w+)(?:\[\w*\])?(?: [={:]|\{)", re.M)
FUNCTION = re.compile(r"^(?!constexpr |const |struct |class |enum |using |template|return )[\w:][\w:<>,*& ]*?[ *&](\w+)\(", re.M)


def names_in(text):
    blocks = [block.group(1) for block in ANONYMOUS.finditer(text)]
    return {found.group(1) for block in blocks for kind in (CONSTANT_OR_TYPE, FUNCTION) for found in kind.finditer(block)}


def collisions(texts):
    """texts: path -> text. [(room, name, [file, ...])]"""
    owners = collections.defaultdict(list)
    for path in sorted(texts):
        if not ALONE.search(path):
            program = os.path.dirname(path) + ("'s tests" if path.endswith("_test.cc") else "")
            for name in names_in(texts[path]):
                owners[program, name].append(os.path.basename(path))
    return [(room, name, files) for (room, name), files in sorted(owners.items()) if len(files) > 1]


def main():
    paths = subprocess.run(["git", "ls-files", "*.cc"], capture_output=True, text=True, check=True).stdout.split()
    texts = {}
    for path in filter(os.path.exists, paths):
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    found = collisions(texts)
    for room, name, files in found:
        print(f"unity names: {room} defines {name} in {' and '.join(files)}; give each its own name", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
