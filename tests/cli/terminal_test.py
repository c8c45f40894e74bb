"""On a terminal: colour, progress of a long run, Ctrl-C. Elsewhere: plain text and nothing else."""

import json
import os
import pty
import select
import time
import unittest

from support import (ENDLESS, INTERRUPTED, OK, PROGRAM, SMALL, TIME_LIMIT_S, CliTest, clean_environment)

ESCAPE = "\x1b"
COLOUR = "\x1b["
PROGRESS = "simulated s per s"


class Terminal:
    """The program on a terminal of its own, which is also its controlling one."""

    def __init__(self, arguments, folder, environment=None):
        self.shown = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(PROGRAM, [PROGRAM, *arguments], clean_environment({"TERM": "xterm", **(environment or {})}))

    def read(self, until=None):
        """Reads up to a text that the program shows, or to its end."""
        deadline = time.monotonic() + TIME_LIMIT_S
        while until is None or until not in self.shown:
            if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"waited {TIME_LIMIT_S} s for {until!r}, saw {self.shown!r}")
            try:
                got = os.read(self.terminal, 4096)
            except OSError:  # how Linux says that nobody holds the other end
                got = b""
            if not got:
                break
            self.shown += got.decode()

    def press(self, key):
        os.write(self.terminal, key)

    def wait(self):
        self.read()
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class OnATerminal(CliTest):
    def run_there(self, *arguments, environment=None):
        terminal = Terminal(["run", str(self.write("small.yaml")), *arguments], self.folder, environment)
        self.assertEqual(OK, terminal.wait(), terminal.shown)
        return terminal.shown

    def test_summary_is_coloured(self):
        self.assertIn(COLOUR, self.run_there())

    def test_no_color(self):
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with self.subTest(environment):
                self.assertNotIn(ESCAPE, self.run_there(environment=environment))

    def test_empty_no_color_means_nothing(self):
        self.assertIn(COLOUR, self.run_there(environment={"NO_COLOR": ""}))

    def test_json_is_never_coloured(self):
        shown = self.run_there("--json")
        self.assertNotIn(ESCAPE, shown)
        json.loads(shown)

    def test_a_short_run_shows_no_progress(self):
        self.assertNotIn(PROGRESS, self.run_there())

    def test_a_long_run_shows_progress_and_ctrl_c_ends_it(self):
        terminal = Terminal(["run", str(self.write("endless.yaml", ENDLESS)), "--no-trace", "--out", "out"], self.folder)
        terminal.read(until=PROGRESS)
        self.assertIn("of at most", terminal.shown)
        terminal.press(b"\x03")
        self.assertEqual(INTERRUPTED, terminal.wait(), terminal.shown)
        self.assertIn("INTERRUPTED", terminal.shown)
        self.assertEqual("interrupted", json.loads((self.folder / "out/verdict.json").read_text())["verdict"])


class Elsewhere(CliTest):
    def test_output_is_plain(self):
        for arguments in (["run", self.write("small.yaml")], ["list"], ["explain", "pbft"], ["--help"],
                          ["validate", "small.yaml"], ["run", "nowhere.yaml"], ["rnu"]):
            with self.subTest(arguments):
                result = self.conclave(*arguments, environment={"TERM": "xterm"})
                self.assertNotIn(ESCAPE, result.stdout + result.stderr)

    def test_a_long_run_shows_no_progress(self):
        requests, wall_time_s = 5_000, 0
        while wall_time_s < 1.5:  # progress appears after a second
            requests *= 2
            scenario = SMALL.replace("requests: 3, every: 100ms", f"requests: {requests}, every: 10ms").replace(
                "stop_at: 10s", "stop_at: 100h")
            result = self.expect(OK, self.conclave("run", self.write("long.yaml", scenario), "--json", "--no-trace"))
            wall_time_s = json.loads(result.stdout)["wall_time_s"]
            self.assertEqual("", result.stderr)


if __name__ == "__main__":
    unittest.main()
