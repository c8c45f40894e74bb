"""Results that cannot be written: exit code 2, a message that names the file, and nothing half-written."""

import os
import resource
import signal
import subprocess
import unittest

from support import OK, PROGRAM, TIME_LIMIT_S, USAGE, CliTest, clean_environment


def limit_files(limit_bytes):
    """What a child does before it starts: from then on its writes fail beyond this size, as on a full disk."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    return limit


class Target(CliTest):
    def refuse(self, target, *messages, before=None):
        scenario = self.write("small.yaml")
        before = before or self.files()
        result = self.expect(USAGE, self.conclave("run", scenario, "--out", target))
        for message in messages:
            self.assertIn(message, result.stderr)
        self.assertEqual(1, result.stderr.count("error:"))
        self.assertEqual("", result.stdout)
        self.assertEqual(before, self.files())

    def test_is_a_file(self):
        self.write("target", "precious")
        self.refuse("target", "target", "not a folder")
        self.assertEqual("precious", (self.folder / "target").read_text())

    def test_is_below_a_file(self):
        self.write("target", "precious")
        self.refuse("target/out", "target")

    def test_is_in_proc(self):
        self.refuse("/proc/conclave", "/proc/conclave")

    def test_holds_something_else(self):
        self.write("thesis/chapter_1.tex", "precious")
        self.refuse("thesis", "thesis", "verdict.json")
        self.assertEqual("precious", (self.folder / "thesis/chapter_1.tex").read_text())

    def test_is_the_working_folder(self):
        self.refuse(".", "current folder")

    def test_is_the_root_folder(self):
        self.refuse("/", "root folder")

    def test_has_a_name_that_is_too_long(self):
        self.refuse("x" * 300, "too long")

    def test_is_not_writable(self):
        home = self.folder / "home"
        home.mkdir(mode=0o555)
        as_nobody = {}
        if os.geteuid() == 0:  # root writes everywhere
            as_nobody = {"user": 65534, "group": 65534, "extra_groups": []}
            self.folder.chmod(0o755)
        result = self.expect(USAGE, self.conclave("run", self.write("small.yaml"), "--out", "home/out", **as_nobody))
        self.assertIn("home/out", result.stderr)
        self.assertIn("Permission denied", result.stderr)
        self.assertEqual([], self.files(home))

    def test_empty_folder_is_taken(self):
        (self.folder / "out").mkdir()
        self.expect(OK, self.conclave("run", self.write("small.yaml"), "--out", "out"))
        self.assertIn("out/verdict.json", self.files())


class FullDisk(CliTest):
    def run_limited(self, limit_bytes, *arguments):
        return self.conclave("run", self.write("small.yaml"), "--out", "out", *arguments,
                             preexec_fn=limit_files(limit_bytes))

    def test_leaves_nothing(self):
        # Whichever file comes first to the end of the disk: the trace, or one of the small ones.
        for limit_bytes in (0, 1, 100, 1000, 5000):
            with self.subTest(limit_bytes=limit_bytes):
                result = self.expect(USAGE, self.run_limited(limit_bytes))
                self.assertIn("File too large", result.stderr)
                self.assertIn("cannot write", result.stderr)
                self.assertEqual(["small.yaml"], self.files())

    def test_in_the_middle_of_a_long_trace(self):
        requests = ("--set", "agents.client.workload.requests=3000", "--set", "agents.client.workload.every=1ms")
        for option in ([], ["--compress"]):
            result = self.expect(USAGE, self.run_limited(50_000, *requests, *option))
            self.assertIn("trace.jsonl", result.stderr)
            self.assertEqual(["small.yaml"], self.files())

    def test_leaves_the_former_results(self):
        self.expect(OK, self.conclave("run", self.write("small.yaml"), "--out", "out"))
        former = {path: path.read_bytes() for path in (self.folder / "out").iterdir()}
        self.expect(USAGE, self.run_limited(1000, "--seed", 8))
        self.assertEqual(former, {path: path.read_bytes() for path in (self.folder / "out").iterdir()})
        self.assertEqual(["out", "small.yaml"], sorted(os.listdir(self.folder)))

    def test_of_the_standard_output(self):
        scenario = self.write("small.yaml")
        for option in ([], ["--json"]):
            with open("/dev/full", "w") as full:
                result = subprocess.run([PROGRAM, "run", scenario, *option], cwd=self.folder, stdout=full,
                                        stderr=subprocess.PIPE, text=True, env=clean_environment(),
                                        timeout=TIME_LIMIT_S)
            self.assertEqual(USAGE, result.returncode, result.stderr)
            self.assertIn("No space left on device", result.stderr)


if __name__ == "__main__":
    unittest.main()
