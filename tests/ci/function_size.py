#!/usr/bin/env python3
"""No product function is longer than 60 lines, tables excepted.

Functions are found by their layout, which is clang-format's: the closing brace stands below the first column of the signature. A table
is a function of at most three statements of its own: lists, and the return of one.
Usage: function_size.py     Exit code 1 when a function is too long.
"""

import os
import re
import subprocess
import sys

MOST_LINES = 60
TABLE_STATEMENTS = 3
NOT_PRODUCT = re.compile(r"_(test|fuzz|benchmark)\.cc$|/testing/|testing\.h$|test_|wire_samples\.h$|^tests/")
NO_FUNCTION = re.compile(r"^\s*(namespace|struct|class|enum|union|extern|if|for|while|switch|do|\})\b|^\s*\}")


def indent(line):
    return len(line) - len(line.lstrip(" "))


def functions(lines):
    """(index of the first line, index of the closing brace) of each function."""
    for end, line in enumerate(lines):
        if line.strip() != "}" or indent(line) not in (0, 2):
            continue
        start = end - 1
        while start >= 0 and (not lines[start].strip() or lines[start][0] == "#" or indent(lines[start]) > indent(line)):
            start -= 1
        if start >= 0 and indent(lines[start]) == indent(line) and "(" in lines[start] and not NO_FUNCTION.match(lines[start]):
            yield start, end


def is_table(body, margin):
    statements = [line for line in body if indent(line) == margin + 2 and re.search(r"[;{}]$", line) and not line.endswith("= {")]
    return len(statements) <= TABLE_STATEMENTS and not re.search(r"^\s*(if|for|while|switch) \(", "\n".join(body), re.M)


def too_long(text):
    """(line number, length) of each function that is."""
    lines = text.split("\n")
    for start, end in functions(lines):
        body = lines[start + 1:end]
        if len(body) > MOST_LINES and not is_table(body, indent(lines[end])):
            yield start + 1, len(body)


def main():
    listed = subprocess.run(["git", "ls-files", "*.cc", "*.h"], capture_output=True, text=True, check=True).stdout.split()
    failed = False
    for path in filter(os.path.exists, listed):
        if NOT_PRODUCT.search(path):
            continue
        with open(path, encoding="utf-8") as file:
            for line, length in too_long(file.read()):
                print(f"function size: {path}:{line} has {length} lines, at most {MOST_LINES}", file=sys.stderr)
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
