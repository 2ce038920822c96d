"""What the tests of deploy/kubernetes share: the rendered objects, and their check against the API's types.

Needs what tools/setup/kubernetes.sh installs; MISSING says what is not there.
"""
import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/deploy"
TOOLS = Path(os.environ.get("DRUMFIRE_KUBERNETES_TOOLS", ROOT / "build/kubernetes"))
GUARD_S = 120


def _missing():
    if shutil.which("node") is None:
        return "no node here"
    if not (TOOLS / "kubectl").exists():
        return f"no kubectl in {TOOLS}: run tools/setup/kubernetes.sh"
    return None


MISSING = _missing()


def _run(command, text):
    return subprocess.run([*map(str, command)], input=text, capture_output=True, text=True, timeout=GUARD_S)


def render(folder):
    """The objects that `kubectl apply -k FOLDER` would send, in its order."""
    done = _run([TOOLS / "kubectl", "kustomize", ROOT / "deploy/kubernetes" / folder], "")
    assert done.returncode == 0, done.stderr
    return parse(done.stdout)


def parse(yaml):
    done = _run(["node", HERE / "to_json.mjs", TOOLS], yaml)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def type_errors(objects):
    """Lines of the compiler; empty when every field is one that the API knows, of the right type."""
    done = _run(["node", HERE / "type_check.mjs", TOOLS], json.dumps(objects))
    assert done.returncode in (0, 1) and not done.stderr, done.stderr
    assert (done.returncode == 0) == (done.stdout == ""), done.stdout
    return done.stdout


def find(objects, kind, name):
    found, = [each for each in objects if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


def pod_templates(objects):
    """What Deployments, StatefulSets and Jobs make pods of: name -> template."""
    return {each["metadata"]["name"]: each["spec"]["template"] for each in objects if "template" in each.get("spec", {})}
