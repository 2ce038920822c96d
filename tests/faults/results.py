"""Runs the tests of a file and tells the result of each, so that nothing that was skipped looks as if it had passed.

Exit code 77 says that something was skipped and nothing failed (CTest's SKIP_RETURN_CODE). With DRUMFIRE_FAULTS_RESULTS in the
environment each result is added to that file as a JSON line, for table.py.
"""
import json
import os
import sys
import time
import unittest

SKIPPED = 77


class TellingResult(unittest.TextTestResult):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.path = os.environ.get("DRUMFIRE_FAULTS_RESULTS")

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def tell(self, test, result, why=""):
        if self.path is None:
            return
        # A class that was skipped as a whole comes as one "test", named setUpClass (MODULE.CLASS).
        whole = test.id().startswith("setUpClass (")
        row = test.id().rpartition(".")[2].rstrip(")") if whole else type(test).__name__
        entry = {"row": row, "fault": FAULTS.get(row, ""), "test": "all" if whole else test._testMethodName, "result": result,
                 "why": why, "seconds": 0 if whole else round(time.monotonic() - self.began, 1)}
        with open(self.path, "a") as lines:
            lines.write(json.dumps(entry) + "\n")

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell(test, "pass")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.tell(test, "FAIL", str(error[1]).splitlines()[0] if str(error[1]) else "")

    def addError(self, test, error):
        super().addError(test, error)
        self.tell(test, "FAIL", f"{error[0].__name__}: {error[1]}".splitlines()[0])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(test, "skip", reason)

    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error)
        self.tell(test, "known defect", str(error[1]).splitlines()[0] if str(error[1]) else "")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.tell(test, "FAIL", "passes though it is marked as a known defect")


FAULTS = {}  # row: its class's first line


def main():
    module = sys.modules["__main__"]
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__doc__:
            FAULTS[name] = value.__doc__.splitlines()[0]
    runner = unittest.TextTestRunner(verbosity=2, resultclass=TellingResult)
    result = unittest.main(module, testRunner=runner, exit=False).result
    for test, reason in result.skipped:
        print(f"skipped: {test.id()}: {reason}")
    sys.exit(SKIPPED if result.wasSuccessful() and result.skipped else not result.wasSuccessful())
