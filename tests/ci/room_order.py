#!/usr/bin/env python3
"""Rooms include only the headers of rooms that they declare, and declare only rooms below their own.

A room is a folder whose CMakeLists.txt calls drumfire_room. Its files may include headers of the room itself and of the rooms in
DEPS (those that a dependency depends on must be named too); its tests, and headers that only tests include, also those in
TEST_DEPS; a program or fuzz target beside them also those that it is linked with. "Below" is earlier in the order of
add_subdirectory. Usage: room_order.py [ROOT]     Prints each violation; exit code 1 when there is one.
"""

import os
import re
import sys
from collections import namedtuple

SIDES = {
    "common": {"common"},
    "worker": {"common", "worker"},
    "coordinator": {"common", "coordinator"},
    "tools": {"common", "worker", "coordinator", "tools"},
    "tests": {"common", "worker", "coordinator", "tools", "tests"},
}
PROTO = {".pb.h": ("drumfire_proto", "drumfire_control"), ".grpc.pb.h": ("drumfire_control",)}
# links: name of a program's or fuzz target's main source, without .cc -> what it is linked with.
Room = namedtuple("Room", "name deps test_deps links")


def name_of(folder):
    return folder.replace("/", "_")


def calls(text, function):
    text = re.sub(r"#.*", "", text)
    return [found.group(1).split() for found in re.finditer(rf"\b{function}\s*\(([^)]*)\)", text)]


def words_after(words, keyword, others):
    """The words of one CMake keyword argument, up to the next keyword."""
    if keyword not in words:
        return set()
    values = words[words.index(keyword) + 1:]
    ends = [values.index(other) for other in others if other in values]
    return set(values[:min(ends, default=len(values))])


def program_links(text):
    mains = {words[0]: source[:-3] for words in calls(text, "add_executable") for source in words if source.endswith(".cc")}
    links = {mains[words[0]]: set(words[1:]) for words in calls(text, "target_link_libraries") if words[0] in mains}
    for words in calls(text, "drumfire_fuzz"):
        links[words[0] + "_fuzz"] = words_after(words, "DEPS", ["SOURCES"])
    return links


def read_room(folder, text):
    """None where the folder's CMakeLists.txt makes no room."""
    found = calls(text, "drumfire_room")
    if not found:
        return None
    keywords = ["DEPS", "TEST_DEPS", "LABEL"]
    deps, test_deps = (words_after(found[0], keyword, keywords) for keyword in keywords[:2])
    return Room(name_of(folder), deps, test_deps, program_links(text))


def read_tree(root):
    """All rooms by folder, in the order in which CMake adds them."""
    rooms = {}

    def visit(folder):
        with open(os.path.join(root, folder, "CMakeLists.txt"), encoding="utf-8") as file:
            text = file.read()
        room = read_room(folder, text)
        if room:
            rooms[folder] = room
        for words in calls(text, "add_subdirectory"):
            visit(os.path.join(folder, words[0]))

    visit("")
    return rooms


def read_includes(root, folders):
    """[(file, [included path, ...])] for each source and header of the folders."""
    files = []
    for folder in folders:
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if name.endswith((".h", ".cc")):
                with open(os.path.join(root, folder, name), encoding="utf-8") as file:
                    files.append((f"{folder}/{name}", re.findall(r'^#include "([^"]+)"', file.read(), re.M)))
    return files


def test_files(files):
    """Tests and benchmarks, and the headers that nothing but those includes."""
    tests = {path for path, _ in files if re.search(r"_(test|benchmark)\.cc$", path)}
    grown = True
    while grown:
        used_by_others = {target for path, targets in files if path not in tests for target in targets}
        used_by_tests = {target for path, targets in files if path in tests for target in targets}
        headers = {path for path, _ in files if path in used_by_tests - used_by_others} - tests
        grown = bool(headers)
        tests |= headers
    return tests


def allowed(room, path, tests):
    main = os.path.basename(path)[:-3]
    if main in room.links:
        return {room.name} | room.deps | room.links[main]
    return {room.name} | room.deps | (room.test_deps if path in tests else set())


def include_violations(rooms, files):
    tests = test_files(files)
    for path, targets in files:
        room = rooms[os.path.dirname(path)]
        for target in targets:
            generated = next((PROTO[end] for end in (".grpc.pb.h", ".pb.h") if target.endswith(end)), None)
            folder = os.path.dirname(target)
            if not generated and folder not in rooms:
                continue  # not ours
            wanted = generated or (name_of(folder),)
            if not allowed(room, path, tests).intersection(wanted):
                yield f"{path} includes {target}, but {room.name} does not declare {wanted[0]}"


def order_violations(rooms):
    place = {room.name: index for index, room in enumerate(rooms.values())}
    side = {room.name: folder.split("/")[0] for folder, room in rooms.items()}
    for room in rooms.values():
        declared = room.deps | set().union(*room.links.values())
        # A nested room (engine/testing) is made of its parent, and for its parent's tests.
        declared |= {name for name in room.test_deps if not name.startswith(room.name + "_")}
        for other in sorted(declared & set(place) - {room.name}):
            if side[other] not in SIDES[side[room.name]]:
                yield f"{room.name} declares {other} of another side"
            elif place[other] > place[room.name] and not room.name.startswith(other + "_"):
                yield f"{room.name} declares {other}, which is above it"


def violations(root):
    rooms = read_tree(root)
    return [*order_violations(rooms), *include_violations(rooms, read_includes(root, rooms))]


def main():
    found = violations(sys.argv[1] if len(sys.argv) > 1 else ".")
    for line in found:
        print(f"room order: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
