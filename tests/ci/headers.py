#!/usr/bin/env python3
"""Each header compiles alone.

A header that is the first include of some source is shown to by the build. The others are compiled here, one by one, with clang's
syntax check. Usage: headers.py [BUILD]     BUILD holds the generated headers, build/debug by default; exit code 1 on an error.
"""

import concurrent.futures
import os
import re
import subprocess
import sys


def flags(build):
    return ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-Wno-pragma-once-outside-header", "-Wno-unused-const-variable",
            "-I.", "-isystem", f"{build}/generated", "-DGLOG_CUSTOM_PREFIX_SUPPORT", "-DSIMDJSON_THREADS_ENABLED=1"]


def first_include(text):
    found = re.search(r'^#include ["<]([^">]+)[">]', text, re.M)
    return found.group(1) if found else None


def unproven(texts):
    """texts: path -> text of each source and header. The headers that no source includes first."""
    proven = {first_include(text) for path, text in texts.items() if path.endswith(".cc")}
    return sorted(path for path in texts if path.endswith(".h") and path not in proven)


def compile_alone(header, build="build/debug"):
    """What the compiler says; empty when all is well."""
    done = subprocess.run(["clang++", *flags(build), "-fsyntax-only", "-x", "c++", header], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def read_sources():
    paths = subprocess.run(["git", "ls-files", "*.h", "*.cc"], capture_output=True, text=True, check=True).stdout.split()
    texts = {}
    for path in filter(os.path.exists, paths):
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    return texts


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build/debug"
    headers = unproven(read_sources())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [said for said in pool.map(lambda header: compile_alone(header, build), headers) if said]
    print("\n".join(complaints), file=sys.stderr, end="")
    print(f"headers: {len(headers) - len(complaints)} of {len(headers)} compile alone; the build shows it of the others")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
