"""The command line itself: help, mistakes, and exit codes of every command."""

import json
import os
import resource
import unittest

from support import INTERNAL, OK, PBFT_4, SMALL, USAGE, CliTest


class Help(CliTest):
    def test_asked_for(self):
        for arguments in (["--help"], ["-h"], ["run", "--help"], ["test", "--help"], ["trace", "export", "--help"]):
            with self.subTest(arguments):
                result = self.expect(OK, self.conclave(*arguments))
                self.assertIn("Usage:", result.stdout)
                self.assertEqual("", result.stderr)

    def test_version(self):
        self.assertRegex(self.expect(OK, self.conclave("--version")).stdout, r"^conclave \d+\.\d+\.\d+\n$")

    def test_names_every_command_and_the_exit_codes(self):
        text = self.conclave("--help").stdout
        for word in ("run", "validate", "test", "trace", "list", "explain", "schema", "Exit codes: 0"):
            self.assertIn(word, text)


class Mistake(CliTest):
    def test_is_explained(self):
        for arguments, messages in [
            ([], ["Usage:"]),
            (["rnu"], ["unknown command `rnu`", "did you mean `run`?"]),
            (["valdate", "x.yaml"], ["unknown command `valdate`", "did you mean `validate`?"]),
            (["run"], ["FILE"]),
            (["run", PBFT_4, PBFT_4], ["one argument too many"]),
            (["run", PBFT_4, "--sead", "8"], ["unknown option `--sead`", "did you mean `--seed`?"]),
            (["run", PBFT_4, "--seed"], ["--seed"]),
            (["run", PBFT_4, "--seed", "eight"], ["--seed", "eight"]),
            (["run", PBFT_4, "--seed", "-1"], ["--seed", "-1"]),
            (["run", PBFT_4, "--seed", "18446744073709551616"], ["--seed"]),
            (["run", PBFT_4, "--set"], ["--set"]),
            (["validate"], ["FILE"]),
            (["trace"], ["Usage:"]),
            (["trace", "exprot"], ["unknown command `exprot`", "did you mean `export`?"]),
            (["trace", "export", "nowhere", "--format", "perfetto"], ["nowhere"]),
            (["trace", "export", ".", "--format", "perfeto"], ["perfetto"]),
            (["list", "protocool"], ["unknown kind `protocool`", "`protocol`"]),
            (["explain", "pbtf"], ["nothing is called `pbtf`", "did you mean `pbft`?"]),
            (["schema", "x"], ["one argument too many"]),
            (["test", "nowhere"], ["nowhere"]),
        ]:
            with self.subTest(arguments):
                before = self.files()
                result = self.expect(USAGE, self.conclave(*arguments))
                self.assertEqual("", result.stdout)
                for message in messages:
                    self.assertIn(message, result.stderr)
                self.assertEqual(before, self.files())


if "CONCLAVE_SANITIZED" not in os.environ:  # a sanitizer reserves more memory than any limit would leave it

    class InternalError(CliTest):
        def test_has_its_own_exit_code_and_leaves_nothing(self):
            # What a program cannot foresee is provoked by taking its memory away.
            self.write("large.yaml", SMALL.replace("count: 4", "count: 1000000"))
            limit = 300 << 20
            result = self.expect(INTERNAL, self.conclave(
                "run", "large.yaml", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))))
            self.assertIn("internal error", result.stderr)
            self.assertEqual(["large.yaml"], self.files())


class OtherCommands(CliTest):
    def test_list(self):
        everything = self.expect(OK, self.conclave("list")).stdout
        for name in ("pbft", "consensus_client", "silent", "agreement", "validity", "integrity", "progress", "consensus"):
            self.assertIn(name, everything)
        self.assertNotIn("agreement", self.expect(OK, self.conclave("list", "protocol")).stdout)

    def test_explain(self):
        text = self.expect(OK, self.conclave("explain", "consensus_client")).stdout
        for word in ("retry", "1s", "duration"):
            self.assertIn(word, text)

    def test_schema_is_json(self):
        self.assertIn("stop_at", json.loads(self.expect(OK, self.conclave("schema")).stdout)["properties"])

    def test_trace_export(self):
        self.expect(OK, self.conclave("run", PBFT_4, "--out", "out"))
        shiviz = self.expect(OK, self.conclave("trace", "export", "out", "--format", "shiviz", "-o", "-")).stdout
        self.assertIn("replica[0]", shiviz)
        self.expect(OK, self.conclave("trace", "export", "out", "--format", "perfetto", "-o", "trace.pb"))
        self.assertGreater((self.folder / "trace.pb").stat().st_size, 1000)


if __name__ == "__main__":
    unittest.main()
