"""What the tests of the command line share: the program, scenarios written on the spot, and folders that go away.

Every test file runs by itself: CONCLAVE=build/conclave python3 tests/cli/run_test.py
"""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(os.environ["CONCLAVE"])
PBFT_4 = PROJECT / "scenarios/consensus/pbft_4.yaml"

# The contract of architecture section 6.
OK, CHECK_FAILED, USAGE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130

# For anything that ought to take moments: a slow machine, or one with sanitizers, has time enough.
TIME_LIMIT_S = 120

SMALL = """\
title: four replicas agree
seed: 7
platform: { star: { hosts: 5, latency: 500us } }
agents:
  - { group: replica, count: 4, stack: [pbft] }
  - { group: client, count: 1, stack: [consensus_client], workload: { requests: 3, every: 100ms } }
stop_at: 10s
checks: [agreement, validity, integrity, { progress: { within: 1s } }]
"""

# Goes on for as long as anybody could wait.
ENDLESS = SMALL.replace("requests: 3, every: 100ms", "requests: 1000000000, every: 10ms").replace(
    "stop_at: 10s", "stop_at: 2000h")


class CliTest(unittest.TestCase):
    """A test with a folder of its own, in which its commands run."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="conclave-cli-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name).resolve()

    def write(self, name, content=SMALL):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return path

    def conclave(self, *arguments, cwd=None, environment=None, **options):
        """Runs the program to its end."""
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd or self.folder, capture_output=True, text=True,
                              env=clean_environment(environment), timeout=TIME_LIMIT_S, **options)

    def expect(self, code, result):
        """Fails with all that the program said unless it ended with this exit code."""
        self.assertEqual(code, result.returncode,
                         f"{' '.join(result.args)}\nstdout: {result.stdout}\nstderr: {result.stderr}")
        return result

    def run_json(self, *arguments, code=OK, **options):
        """The object that `conclave run --json` prints."""
        result = self.expect(code, self.conclave("run", *arguments, "--json", **options))
        return json.loads(result.stdout)

    def files(self, folder=None):
        """Everything in a folder, hidden files too."""
        folder = folder or self.folder
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def clean_environment(changes=None):
    """The environment without what would change the program's output."""
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR")}
    environment.update(changes or {})
    return environment


def wait_until(condition, what):
    """Looks again and again until the condition holds: for what another process does to files, which nobody announces."""
    deadline = time.monotonic() + TIME_LIMIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {TIME_LIMIT_S} s in vain for {what}")
        time.sleep(0.01)


def end(process):
    """Ends a process that a test may have left running."""
    process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        stream.close()
