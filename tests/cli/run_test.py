"""conclave run: exit codes, the run folder, `--json`, and fingerprints that are equal wherever a run is repeated."""

import json
import os
import unittest

from support import CHECK_FAILED, OK, PBFT_4, PROJECT, SMALL, CliTest

FOLDER = ["metrics.json", "outcome.json", "scenario.yaml", "verdict.json"]
CONTRACT = {"scenario", "seed", "version", "fingerprint", "verdict", "checks", "sim_time_s", "wall_time_s", "metrics",
            "outcome"}


class ExitCode(CliTest):
    def test_all_checks_hold(self):
        result = self.expect(OK, self.conclave("run", self.write("small.yaml")))
        self.assertIn("PASS", result.stdout)
        self.assertEqual("", result.stderr)

    def test_a_check_fails(self):
        scenario = self.write("small.yaml")
        report = self.run_json(scenario, "--set", "checks[3].progress.within=1us", code=CHECK_FAILED)
        self.assertEqual("fail", report["verdict"])
        self.assertEqual(["progress"], [check["name"] for check in report["checks"] if check["verdict"] == "fail"])
        text = self.expect(CHECK_FAILED, self.conclave("run", scenario, "--set", "checks[3].progress.within=1us"))
        self.assertIn("FAIL", text.stdout)
        self.assertIn("✘ progress", text.stdout)

    def test_more_silent_replicas_than_bearable_stop_progress_and_nothing_else(self):
        silent = "faults: [{ behaviour: silent, agents: 'replica[2..3]' }]\n"
        report = self.run_json(self.write("small.yaml", SMALL + silent), code=CHECK_FAILED)
        self.assertEqual({"agreement": "pass", "validity": "pass", "integrity": "pass", "progress": "fail"},
                         {check["name"]: check["verdict"] for check in report["checks"]})

    def test_a_failed_check_leaves_a_whole_folder(self):
        self.run_json(self.write("small.yaml"), "--set", "checks[3].progress.within=1us", "--out", "out",
                      code=CHECK_FAILED)
        self.assertEqual("fail", json.loads((self.folder / "out/verdict.json").read_text())["verdict"])


class RunFolder(CliTest):
    def test_holds_the_results(self):
        report = self.run_json(self.write("small.yaml"), "--out", "out")
        out = self.folder / "out"
        self.assertEqual(sorted([*FOLDER, "ladder.json", "trace.jsonl"]), self.files(out))
        self.assertEqual(str(out), report["results"])
        self.assertEqual(report["metrics"], json.loads((out / "metrics.json").read_text()))
        self.assertEqual(report["outcome"], json.loads((out / "outcome.json").read_text()))
        verdict = json.loads((out / "verdict.json").read_text())
        self.assertEqual(verdict, {key: report[key] for key in verdict})
        for line in (out / "trace.jsonl").read_text().splitlines():
            json.loads(line)

    def test_is_named_after_scenario_and_seed_by_default(self):
        self.expect(OK, self.conclave("run", self.write("small.yaml"), "--seed", 5))
        self.assertIn("results/small-5/verdict.json", self.files())

    def test_without_trace(self):
        self.run_json(self.write("small.yaml"), "--out", "out", "--no-trace")
        self.assertEqual(FOLDER, self.files(self.folder / "out"))

    def test_compressed(self):
        self.run_json(self.write("small.yaml"), "--out", "out", "--compress")
        self.assertEqual(sorted([*FOLDER, "ladder.json", "trace.jsonl.zst"]), self.files(self.folder / "out"))
        self.assertEqual(b"\x28\xb5\x2f\xfd", (self.folder / "out/trace.jsonl.zst").read_bytes()[:4])

    def test_a_second_run_replaces_the_first(self):
        scenario = self.write("small.yaml")
        self.run_json(scenario, "--out", "out")
        self.run_json(scenario, "--out", "out", "--no-trace", "--seed", 8)
        self.assertEqual(FOLDER, self.files(self.folder / "out"))
        self.assertEqual(8, json.loads((self.folder / "out/verdict.json").read_text())["seed"])
        self.assertEqual(["out", "small.yaml"], sorted(os.listdir(self.folder)))

    def test_holds_the_same_bytes_for_the_same_run(self):
        scenario = self.write("small.yaml")
        self.run_json(scenario, "--out", "a")
        self.run_json(scenario, "--out", "b")
        for name in self.files(self.folder / "a"):
            self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "b" / name).read_bytes(), name)


class Json(CliTest):
    def test_is_one_object_with_the_keys_of_the_contract(self):
        result = self.expect(OK, self.conclave("run", self.write("small.yaml"), "--json"))
        self.assertEqual("", result.stderr)
        report, end = json.JSONDecoder().raw_decode(result.stdout)
        self.assertEqual("\n", result.stdout[end:])
        self.assertLessEqual(CONTRACT, report.keys())
        self.assertEqual("pass", report["verdict"])
        self.assertEqual(7, report["seed"])
        self.assertRegex(report["fingerprint"], "^[0-9a-f]{32}$")
        self.assertEqual(["agreement", "validity", "integrity", "progress"],
                         [check["name"] for check in report["checks"]])
        for check in report["checks"]:
            self.assertEqual({"name", "verdict", "detail"}, check.keys())
        self.assertGreater(report["sim_time_s"], 0.2)
        self.assertGreater(report["wall_time_s"], 0)

    def test_metrics_count_messages(self):
        metrics = self.run_json(self.write("small.yaml"))["metrics"]
        # Per request: 1 request, 3 pre-prepares, 3 * 3 prepares, 4 * 3 commits, 4 replies.
        self.assertEqual({"request": 3, "pre_prepare": 9, "prepare": 27, "commit": 36, "reply": 12},
                         metrics["messages_by_kind"])
        self.assertEqual(87, metrics["messages_sent"])
        self.assertEqual(87, metrics["messages_delivered"])
        self.assertEqual(0, metrics["messages_dropped"])
        self.assertGreater(metrics["bytes_sent"], 0)
        self.assertEqual(87, metrics["latency_ns"]["count"])

    def test_outcome_tells_the_rounds(self):
        outcome = self.run_json(self.write("small.yaml"))["outcome"]["consensus"]
        self.assertEqual(3, outcome["rounds_decided"])
        self.assertLessEqual({"round_id", "proposal", "participants", "consensus_reached", "decision",
                              "byzantine_detected", "confidence", "view", "latency_ns"}, outcome["rounds"][0].keys())


class Fingerprint(CliTest):
    def test_does_not_hang_on_what_is_written(self):
        scenario = self.write("small.yaml")
        ways = [[], ["--no-trace"], ["--compress"], ["--out", "elsewhere"]]
        self.assertEqual(1, len({self.run_json(scenario, *way)["fingerprint"] for way in ways}))

    def test_does_not_hang_on_the_working_folder(self):
        (self.folder / "deep/down").mkdir(parents=True)
        here = self.run_json(PBFT_4)
        there = self.run_json(os.path.relpath(PBFT_4, self.folder / "deep/down"), cwd=self.folder / "deep/down")
        self.assertEqual(here["fingerprint"], there["fingerprint"])

    def test_hangs_on_the_seed(self):
        scenario = self.write("small.yaml")
        same, other = self.run_json(scenario, "--seed", 7), self.run_json(scenario, "--seed", 8)
        self.assertEqual(self.run_json(scenario)["fingerprint"], same["fingerprint"])
        self.assertNotEqual(same["fingerprint"], other["fingerprint"])
        self.assertEqual(8, other["seed"])

    def test_of_decisions_does_not_hang_on_times(self):
        scenario = self.write("small.yaml")
        now, later = self.run_json(scenario), self.run_json(scenario, "--set", "platform.star.latency=510us")
        self.assertNotEqual(now["fingerprint"], later["fingerprint"])
        self.assertEqual(now["decisions_fingerprint"], later["decisions_fingerprint"])
        other = self.run_json(scenario, "--set", "agents.client.workload.requests=4")
        self.assertNotEqual(now["decisions_fingerprint"], other["decisions_fingerprint"])

    def test_hangs_on_what_is_set(self):
        scenario = self.write("small.yaml")
        changed = self.run_json(scenario, "--set", "agents.replica.count=7", "--set", "platform.star.hosts=8")
        self.assertNotEqual(self.run_json(scenario)["fingerprint"], changed["fingerprint"])
        self.assertEqual(["replica[0..6]"], changed["outcome"]["consensus"]["rounds"][0]["participants"])


class ResolvedScenario(CliTest):
    """scenario.yaml in the run folder repeats the run, changes of the command line included."""

    def repeat(self, *arguments):
        first = self.run_json(*arguments, "--out", "first", code=None)
        again = self.run_json("scenario.yaml", "--out", "again", cwd=self.folder / "first", code=None)
        self.assertEqual(first["fingerprint"], again["fingerprint"])
        elsewhere = self.run_json("first/scenario.yaml", "--out", "elsewhere", code=None)
        self.assertEqual(first["fingerprint"], elsewhere["fingerprint"])
        self.assertEqual((self.folder / "first/scenario.yaml").read_bytes(),
                         (self.folder / "elsewhere/scenario.yaml").read_bytes())

    def test_repeats_a_run(self):
        self.repeat(PBFT_4)

    def test_repeats_a_run_with_changes(self):
        self.repeat(PBFT_4, "--seed", 99, "--set", "agents.replica.handling=5us", "--set", "stop_at=2s")

    def test_repeats_a_run_on_a_platform_file_named_relatively(self):
        scenario = PROJECT / "scenarios/consensus/pbft_wan_5_regions.yaml"
        self.assertIn("../../platforms", scenario.read_text())
        self.repeat(scenario)

    def test_repeats_every_shipped_scenario_of_moderate_size(self):
        for scenario in sorted((PROJECT / "scenarios").rglob("*.yaml")):
            if "1000" not in scenario.name:
                with self.subTest(scenario.name):
                    self.repeat(scenario)

    def expect(self, code, result):
        # The runs repeated here may fail their checks: that is not what is tested.
        if code is None:
            self.assertIn(result.returncode, (OK, CHECK_FAILED), result.stderr)
            return result
        return super().expect(code, result)


if __name__ == "__main__":
    unittest.main()
