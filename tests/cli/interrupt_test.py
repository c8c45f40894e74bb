"""Ctrl-C ends a run cleanly: exit code 130, verdict "interrupted", and a complete folder of what has been."""

import json
import os
import signal
import subprocess
import unittest

from support import ENDLESS, INTERRUPTED, PROGRAM, PROJECT, TIME_LIMIT_S, CliTest, clean_environment, end, wait_until

FILES = ["ladder.json", "metrics.json", "outcome.json", "scenario.yaml", "trace.jsonl", "verdict.json"]


class Interrupt(CliTest):
    def interrupt(self, *arguments):
        """Starts a run, waits until its trace grows, interrupts it, and returns what `--json` says."""
        command = [PROGRAM, "run", *map(str, arguments), "--json", "--out", "out"]
        run = subprocess.Popen(command, cwd=self.folder, env=clean_environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        self.addCleanup(end, run)
        wait_until(lambda: run.poll() is not None or self.trace_bytes() > 0, "the trace to grow")
        self.assertIsNone(run.poll(), "the run ended by itself")
        run.send_signal(signal.SIGINT)
        output, errors = run.communicate(timeout=TIME_LIMIT_S)
        self.assertEqual(INTERRUPTED, run.returncode, errors)
        self.assertEqual("", errors)
        return json.loads(output)

    def trace_bytes(self):
        """Of the trace that is being written, under its hidden name in the hidden folder."""
        traces = list(self.folder.glob(".out.partial-*/.trace.jsonl.partial-*"))
        return traces[0].stat().st_size if traces else 0

    def test_says_so_in_the_verdict_and_leaves_a_whole_folder(self):
        report = self.interrupt(self.write("endless.yaml", ENDLESS))
        self.assertEqual("interrupted", report["verdict"])
        self.assertEqual(FILES, self.files(self.folder / "out"))
        self.assertEqual(["endless.yaml", "out"], sorted(os.listdir(self.folder)))
        verdict = json.loads((self.folder / "out/verdict.json").read_text())
        self.assertEqual(report["fingerprint"], verdict["fingerprint"])
        self.assertEqual("interrupted", verdict["verdict"])
        lines = (self.folder / "out/trace.jsonl").read_text().splitlines()
        self.assertGreater(len(lines), 1000)
        for line in lines:
            json.loads(line)

    def test_before_anything_could_be_judged(self):
        # Two of four replicas are silent and the client asks again and again: the progress check has nothing to go by.
        scenario = ENDLESS.replace("stack: [consensus_client]", "stack: [consensus_client], consensus_client: { retry: 1ms }").replace(
            "within: 1s", "within: 1999h") + "faults: [{ behaviour: silent, agents: 'replica[2..3]' }]\n"
        self.assertEqual("interrupted", self.interrupt(self.write("stuck.yaml", scenario))["verdict"])

    def test_of_a_large_run(self):
        scenario = PROJECT / "scenarios/consensus/pbft_1000.yaml"
        report = self.interrupt(scenario, "--set", "agents.client.workload.requests=1000000", "--set", "stop_at=2000h")
        self.assertEqual("interrupted", report["verdict"])
        self.assertEqual(FILES, self.files(self.folder / "out"))


if __name__ == "__main__":
    unittest.main()
