#!/usr/bin/env python3
"""Makes small changes to product lines and counts those that no test notices.

Usage: mutate.py N [--seed S] [--skip K] [--only I,I...] [--jobs J] [PATH...]
N mutants are drawn from the sources (*.cc) of the rooms of worker/, coordinator/ and common/, or of PATH (files or folders; others are
left out). Each is built in a worktree of its own (build/mutants, at HEAD) and run against its room's tests, then against the
simulation when the room is linked into it. A failed or endless test catches a mutant; mutants that do not compile do not count.
--skip leaves out the first K of the N, to go on with a sample; --only takes those with these numbers, to look at survivors again. Prints the
mutants that survive with their diff. The exit code is 0 also when some do: each wants a look.
"""

import argparse
import collections
import os
import random
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # nothing of ours lands in the source folder
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import mutators
import room_order

SIMULATION = "tests_simulation"
# Of the simulation, 500 seeds: most of what it finds at all it finds in these.
FILTERS = {SIMULATION: "From/SimulatedFleet.KeepsEveryInvariant/1:From/SimulatedFleet.KeepsEveryInvariant/251"}
BUILD_LIMIT_S = 900
SIDES = ("common/", "coordinator/", "worker/")
NOT_PRODUCT = ("_test.cc", "_benchmark.cc", "_fuzz.cc", "_main.cc")

Candidate = collections.namedtuple("Candidate", "path mutant")


def is_product(path):
    return path.startswith(SIDES) and path.endswith(".cc") and not path.endswith(NOT_PRODUCT) and "/testing/" not in path


def linked_rooms(rooms, name):
    """The names of all rooms below a room, itself included."""
    by_name = {room.name: room for room in rooms.values()}
    found, waiting = set(), [name]
    while waiting:
        room = by_name.get(waiting.pop())
        if room and room.name not in found:
            found.add(room.name)
            waiting += room.deps
    return found


def draw(texts, count, seed):
    """count candidates of texts (path -> text), each mutant as likely as any other; the same ones for the same seed."""
    candidates = [Candidate(path, mutant) for path in sorted(texts) for mutant in mutators.mutants(texts[path])]
    random.Random(seed).shuffle(candidates)
    return candidates[:count]


def shown(texts, candidate):
    """file:line, kind and the two lines."""
    text, mutant = texts[candidate.path], candidate.mutant
    changed = mutators.apply(text, mutant)
    lines = [each.split("\n")[mutant.line - 1] for each in (text, changed)]
    return f"{candidate.path}:{mutant.line}: {mutant.kind}\n-{lines[0]}\n+{lines[1]}"


class Workshop:
    """A worktree and a build folder, in which one mutant at a time is built and tested."""

    def __init__(self, root, jobs):
        self.folder = os.path.join(root, "build", "mutants")
        self.build = os.path.join(self.folder, "build", "debug")
        self.jobs = jobs
        self.limits_s = {}
        if not os.path.exists(self.folder):
            subprocess.run(["git", "worktree", "add", "--detach", self.folder, "HEAD"], check=True, capture_output=True)
        subprocess.run(["git", "checkout", "--force", "--detach", self.head(root)], cwd=self.folder, check=True, capture_output=True)
        os.makedirs(os.path.join(self.folder, "build"), exist_ok=True)
        for name in ("share", "tokenizer_oracle"):
            link = os.path.join(self.folder, "build", name)
            if not os.path.lexists(link):
                os.symlink(os.path.join(root, "build", name), link)
        self.environment = os.environ | {"CCACHE_BASEDIR": self.folder, "CCACHE_NOHASHDIR": "1"}
        subprocess.run(["cmake", "--preset", "debug"], cwd=self.folder, check=True, capture_output=True, env=self.environment)

    @staticmethod
    def head(root):
        return subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True).stdout.strip()

    def compiles(self, target):
        command = ["ninja", "-C", self.build, f"-j{self.jobs}", target]
        return subprocess.run(command, capture_output=True, env=self.environment, timeout=BUILD_LIMIT_S, check=False).returncode == 0

    def passes(self, room, limit_s):
        program = os.path.join(self.build, *self.test_path(room))
        try:
            command = [program, "--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter={FILTERS.get(room, '*')}"]
            done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=limit_s, check=False,
                                  env=self.environment | {"GTEST_SHUFFLE": "0"})
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def test_path(self, room):
        return *self.folders[room].split("/"), f"{room}_test"

    def limit_s(self, room):
        """How long the unchanged tests may take, times five; they must pass."""
        if room not in self.limits_s:
            if not self.compiles(f"{room}_test"):
                sys.exit(f"mutate: {room}_test does not build at HEAD")
            start = time.monotonic()
            if not self.passes(room, 600):
                sys.exit(f"mutate: {room}_test fails at HEAD")
            self.limits_s[room] = 5 * (time.monotonic() - start) + 10
        return self.limits_s[room]

    def fate(self, candidate, text, tests):
        """Of a mutant: the name of the room whose tests caught it, "survived" or "does not compile"."""
        limits = [(room, self.limit_s(room)) for room in tests]
        path = os.path.join(self.folder, candidate.path)
        write(path, mutators.apply(text, candidate.mutant))
        try:
            for room, limit_s in limits:
                if not self.compiles(f"{room}_test"):
                    return "does not compile"
                if not self.passes(room, limit_s):
                    return room
            return "survived"
        finally:
            write(path, text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def product_files(wanted):
    paths = subprocess.run(["git", "ls-files", "--", *wanted], capture_output=True, text=True, check=True).stdout.split()
    return [path for path in paths if is_product(path)]


def tests_of(rooms, path):
    """The rooms whose tests a mutant of the file is run against."""
    room = rooms[os.path.dirname(path)].name
    has_tests = any(name.endswith("_test.cc") for name in os.listdir(os.path.dirname(path)))
    in_simulation = room in linked_rooms(rooms, SIMULATION)
    return ([room] if has_tests else []) + ([SIMULATION] if in_simulation else [])


def summary(fates):
    counted = [fate for fate in fates if fate != "does not compile"]
    caught = len([fate for fate in counted if fate != "survived"])
    share = f" ({100 * caught / len(counted):.0f} %)" if counted else ""
    return f"mutate: {caught} of {len(counted)} mutants caught{share}; {len(fates) - len(counted)} did not compile"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("paths", nargs="*", metavar="PATH", default=["common", "coordinator", "worker"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--only", type=lambda text: {int(number) for number in text.split(",")})
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_intermixed_args()

    root = os.getcwd()
    rooms = room_order.read_tree(root)
    workshop = Workshop(root, given.jobs)
    workshop.folders = {room.name: folder for folder, room in rooms.items()}
    # The text at HEAD, as the worktree has it.
    texts = {path: read(os.path.join(workshop.folder, path)) for path in product_files(given.paths)
             if os.path.exists(os.path.join(workshop.folder, path))}
    fates, survivors = [], []
    for index, candidate in list(enumerate(draw(texts, given.count, given.seed)))[given.skip:]:
        if given.only and index + 1 not in given.only:
            continue
        fate = workshop.fate(candidate, texts[candidate.path], tests_of(rooms, candidate.path))
        fates.append(fate)
        if fate == "survived":
            survivors.append(f"[{index + 1}] {shown(texts, candidate)}")
        print(f"[{index + 1}/{given.count}] {candidate.path}:{candidate.mutant.line} {candidate.mutant.kind}: {fate}", flush=True)
    print("", *survivors, summary(fates), sep="\n")


if __name__ == "__main__":
    main()
