"""conclave test: scenarios as regression tests."""

import os
import re
import resource
import shlex
import signal
import subprocess
import unittest
import xml.etree.ElementTree

from support import (CHECK_FAILED, ENDLESS, OK, PROGRAM, SMALL, TIME_LIMIT_S, USAGE, CliTest, clean_environment, end,
                     wait_until)

TINY = SMALL.replace("requests: 3", "requests: 1")
FAILING = TINY.replace("within: 1s", "within: 1us")
ZERO = "0" * 32


class Regression(CliTest):
    def setUp(self):
        super().setUp()
        self.write("scenarios/a.yaml", TINY)
        self.write("scenarios/deep/b.yaml", FAILING)
        self.write("scenarios/deep/c.yaml", SMALL)
        (self.folder / "tmp").mkdir()
        self.expected_a = self.folder / "scenarios/expected.txt"
        self.expected_bc = self.folder / "scenarios/deep/expected.txt"

    def run_tests(self, *arguments, environment=None, **options):
        result = self.conclave("test", *arguments, environment={"TMPDIR": str(self.folder / "tmp"),
                                                                **(environment or {})}, **options)
        self.assertEqual([], os.listdir(self.folder / "tmp"), "scratch folders are left")
        return result

    def update(self):
        self.expect(OK, self.run_tests("--update"))


class Expectation(Regression):
    def test_is_written_by_update_and_then_met(self):
        result = self.expect(OK, self.run_tests("--update"))
        self.assertIn("wrote scenarios/expected.txt\nwrote scenarios/deep/expected.txt\n3 passed, 0 failed\n",
                      result.stdout)
        self.assertRegex(self.expected_a.read_text(), r"\A(#.*\n)+a\.yaml pass [0-9a-f]{32} [0-9a-f]{32}\n\Z")
        self.assertRegex(self.expected_bc.read_text(),
                         r"\A(#.*\n)+b\.yaml fail( [0-9a-f]{32}){2}\nc\.yaml pass( [0-9a-f]{32}){2}\n\Z")
        result = self.expect(OK, self.run_tests())
        lines = result.stdout.splitlines()
        for line, name, verdict in zip(lines, ["a.yaml", "deep/b.yaml", "deep/c.yaml"], ["pass", "fail", "pass"]):
            self.assertRegex(line, rf"^✔ scenarios/{name} +{verdict}  [0-9a-f]{{32}} +\d+\.\d\d s$")
        self.assertEqual("3 passed, 0 failed", lines[3])
        self.assertEqual("", result.stderr)

    def test_second_update_changes_nothing(self):
        self.update()
        before = self.expected_a.stat().st_mtime_ns
        self.assertNotIn("wrote", self.expect(OK, self.run_tests("--update")).stdout)
        self.assertEqual(before, self.expected_a.stat().st_mtime_ns)

    def test_missing(self):
        result = self.expect(CHECK_FAILED, self.run_tests())
        self.assertIn("0 passed, 3 failed", result.stdout)
        self.assertIn("scenarios/expected.txt does not mention it", result.stdout)
        self.assertIn("if this is meant: conclave test --update scenarios/a.yaml", result.stdout)
        self.assertFalse(self.expected_a.exists())

    def test_without_a_scenario(self):
        self.update()
        (self.folder / "scenarios/a.yaml").unlink()
        result = self.expect(CHECK_FAILED, self.run_tests())
        self.assertIn("✘ scenarios/a.yaml", result.stdout)
        self.assertIn("there is no such scenario", result.stdout)
        self.assertIn("2 passed, 1 failed", result.stdout)
        self.update()
        self.assertNotIn("a.yaml", self.expected_a.read_text())

    def test_is_not_written_where_there_is_no_scenario(self):
        self.expect(OK, self.run_tests("--update", "."))
        self.assertFalse((self.folder / "expected.txt").exists())

    def test_other_fingerprint(self):
        self.update()
        found = re.search("[0-9a-f]{32}", self.expected_a.read_text())[0]
        self.expected_a.write_text(self.expected_a.read_text().replace(found, ZERO))
        result = self.expect(CHECK_FAILED, self.run_tests())
        self.assertIn("✘ scenarios/a.yaml", result.stdout)
        self.assertIn(f"expected  pass {ZERO}", result.stdout)
        self.assertIn(f"found     pass {found}", result.stdout)
        self.assertIn("2 passed, 1 failed", result.stdout)

    def test_other_verdict(self):
        self.update()
        self.write("scenarios/a.yaml", FAILING)
        result = self.expect(CHECK_FAILED, self.run_tests("scenarios/a.yaml"))
        fingerprints = re.search("expected  pass ([0-9a-f ]{65})", result.stdout)[1]
        self.assertIn(f"found     fail {fingerprints}\n      progress: 1 of 1 requests", result.stdout)

    def test_of_old_without_decisions_is_met(self):
        self.update()
        self.expected_a.write_text(re.sub("( [0-9a-f]{32}) [0-9a-f]{32}\n", r"\1\n", self.expected_a.read_text()))
        self.expect(OK, self.run_tests("scenarios/a.yaml"))
        self.expect(OK, self.run_tests("scenarios/a.yaml", "--decisions"))

    def test_other_times_are_told_from_other_decisions(self):
        self.update()
        self.write("scenarios/a.yaml", TINY.replace("latency: 500us", "latency: 510us"))
        result = self.expect(CHECK_FAILED, self.run_tests("scenarios/a.yaml"))
        self.assertIn("though all decisions are", result.stdout)
        self.expect(OK, self.run_tests("scenarios/a.yaml", "--decisions"))
        self.write("scenarios/a.yaml", SMALL)
        for options in ([], ["--decisions"]):
            result = self.expect(CHECK_FAILED, self.run_tests("scenarios/a.yaml", *options))
            self.assertNotIn("though all decisions are", result.stdout)

    def test_failure_has_the_command_that_repeats_it(self):
        self.write("scenarios/it's a scenario.yaml", TINY)
        result = self.expect(CHECK_FAILED, self.run_tests("scenarios/it's a scenario.yaml"))
        command = shlex.split(re.search(r"repeat: (.*)", result.stdout)[1])
        self.assertEqual("conclave", command[0])
        again = subprocess.run([PROGRAM, *command[1:]], cwd=self.folder, capture_output=True, text=True)
        self.expect(OK, again)
        self.assertIn(re.search("[0-9a-f]{32}", result.stdout)[0], again.stdout)

    def test_damaged(self):
        self.update()
        whole = self.expected_bc.read_text()
        lines = whole.count("\n")
        for damage, message in [("<<<<<<< ours\n", "is not `NAME.yaml VERDICT FINGERPRINT DECISIONS`"),
                                (f"c.yaml pass {ZERO}\n", "`c.yaml` is here twice"),
                                (f"d.yaml perhaps {ZERO}\n", "is not `NAME.yaml VERDICT FINGERPRINT DECISIONS`")]:
            self.expected_bc.write_text(whole + damage)
            result = self.expect(USAGE, self.run_tests())
            self.assertIn(f"scenarios/deep/expected.txt:{lines + 1}: error: ", result.stderr)
            self.assertIn(message, result.stderr)
            self.assertEqual("", result.stdout)
            self.update()
            self.assertEqual(whole, self.expected_bc.read_text())


class Update(Regression):
    def test_is_refused_in_ci(self):
        result = self.expect(USAGE, self.run_tests("--update", environment={"CI": "true"}))
        self.assertIn("--update is refused where CI=true", result.stderr)
        self.assertFalse(self.expected_a.exists())
        self.expect(CHECK_FAILED, self.run_tests(environment={"CI": "true"}))

    def test_of_one_scenario_leaves_the_others(self):
        self.update()
        self.expected_bc.write_text(re.sub("[0-9a-f]{32}", ZERO, self.expected_bc.read_text()))
        self.expect(OK, self.run_tests("--update", "scenarios/deep/c.yaml"))
        self.assertRegex(self.expected_bc.read_text(), f"b.yaml fail {ZERO} {ZERO}\nc.yaml pass (?!{ZERO})")

    def test_keeps_what_was_known_of_a_scenario_without_result(self):
        self.update()
        known = self.expected_a.read_text()
        self.write("scenarios/a.yaml", "broken")
        self.assertIn("2 passed, 1 failed", self.expect(CHECK_FAILED, self.run_tests("--update")).stdout)
        self.assertEqual(known, self.expected_a.read_text())


class OwnExpectation(Regression):
    """What a scenario itself expects, whatever expected.txt says."""

    def judge(self, expect, code, scenario=TINY):
        self.write("scenarios/a.yaml", scenario + expect)
        return self.expect(code, self.run_tests("--update", "scenarios/a.yaml")).stdout

    def test_that_is_met(self):
        self.judge("""\
expect:
  verdict: pass
  checks: { agreement: pass, progress: { verdict: pass, says: 1 requests } }
  values:
    outcome.consensus.rounds_decided: 1
    metrics.latency_ns.p50: 1ms..2ms
    metrics.messages_sent: { value: 30, tolerance: 10% }
    count(outcome.consensus.rounds[]): 1
    checks[0].verdict: pass
""", OK)

    def test_that_is_not_met(self):
        for expect, problem in [
                ("verdict: fail, because: it must", "verdict: expected fail, found pass"),
                ("verdict: fail, because: nobody is there", "what it should show: nobody is there"),
                ("because: x, checks: { agreement: fail }", "check agreement: expected fail, found pass: 4 decisions"),
                ("checks: { agreement: { says: 5 decisions } }", "check agreement: expected to say `5 decisions`"),
                ("values: { outcome.consensus.rounds_decided: 2 }",
                 "outcome.consensus.rounds_decided: expected 2, found 1"),
                ("values: { metrics.latency_ns.p50: 1s..2s }", "metrics.latency_ns.p50: expected 1s..2s, found"),
                ("values: { metrics.messages_sent: { value: 290, tolerance: 1% } }", "expected 290 within 1%, found 29"),
                ("values: { metrics.mesages_sent: 29 }", "found nothing; did you mean `metrics.messages_sent`?"),
                ("values: { seed: seven }", "seed: expected seven, found 7")]:
            with self.subTest(expect):
                output = self.judge(f"expect: {{ {expect} }}\n", CHECK_FAILED)
                self.assertIn("the scenario expects something else", output)
                self.assertIn(problem, output)
                self.assertIn("repeat: conclave run scenarios/a.yaml", output)

    def test_of_a_scenario_that_must_fail(self):
        expect = 'expect: { verdict: fail, because: a microsecond is short, checks: { progress: { verdict: fail, says: "%s" } } }\n'
        self.judge(expect % "1 of 1 requests", OK, FAILING)
        self.assertIn("expected to say `2 of 2", self.judge(expect % "2 of 2", CHECK_FAILED, FAILING))
        self.assertIn("verdict: expected fail, found pass", self.judge(expect % "", CHECK_FAILED, TINY))

    def test_that_makes_no_sense(self):
        for expect, message in [
                ("{ verdict: fail }", "a scenario that must fail says why"),
                ("{ checks: { agreemnet: pass } }", "did you mean `agreement`?"),
                ("{ checks: { agreement: perhaps } }", "unknown choice `perhaps`"),
                ("{ values: { seed: [7] } }", "expected a value, a range"),
                ("{ values: { seed: { value: x, tolerance: 2% } } }", "only a number has a tolerance"),
                ("{ vlaues: {} }", "did you mean `values`?"),
                ("5", "a map")]:
            with self.subTest(expect):
                self.write("scenarios/a.yaml", TINY + f"expect: {expect}\n")
                result = self.expect(USAGE, self.conclave("validate", "scenarios/a.yaml"))
                self.assertIn(message, result.stderr)
                self.assertIn("scenarios/a.yaml:9:", result.stderr)


class Selection(Regression):
    def test_of_one_file_does_not_ask_for_the_others(self):
        self.update()
        self.expected_bc.write_text(self.expected_bc.read_text() + f"gone.yaml pass {ZERO}\n")
        self.assertIn("1 passed, 0 failed", self.expect(OK, self.run_tests("scenarios/deep/c.yaml")).stdout)
        self.assertIn("1 failed", self.expect(CHECK_FAILED, self.run_tests("scenarios/deep")).stdout)

    def test_named_twice_runs_once(self):
        self.update()
        result = self.expect(OK, self.run_tests("scenarios/deep/", "./scenarios/deep", "scenarios/deep/../deep/c.yaml"))
        self.assertIn("2 passed, 0 failed", result.stdout)

    def test_of_nothing(self):
        (self.folder / "empty").mkdir()
        for path, message in [("nowhere", "there is no such file"), ("empty", "there is no scenario")]:
            result = self.expect(USAGE, self.run_tests("scenarios", path))
            self.assertIn(f"{path}: {message}", result.stderr)
            self.assertEqual("", result.stdout)

    def test_passes_over_hidden_files_and_other_names(self):
        self.update()
        for name in ("scenarios/.a.yaml", "scenarios/.hidden/a.yaml", "scenarios/README.md", "scenarios/a.yaml~"):
            self.write(name, "no scenario")
        self.assertIn("3 passed, 0 failed", self.expect(OK, self.run_tests()).stdout)

    def test_bad_options(self):
        for arguments in (["--jobs", "0"], ["--jobs", "x"], ["--time-limit", "5"], ["--time-limit", "0s"]):
            self.assertIn(arguments[0], self.expect(USAGE, self.run_tests(*arguments)).stderr)

    def test_order_does_not_hang_on_the_number_of_jobs(self):
        self.update()
        one, many = (re.sub(r"\d+\.\d\d s", "", self.expect(OK, self.run_tests("--jobs", jobs)).stdout) for jobs in (1, 8))
        self.assertEqual(one, many)


class Child(Regression):
    def test_that_refuses_the_scenario(self):
        self.write("scenarios/a.yaml", TINY.replace("seed: 7", "seed: x"))
        result = self.expect(CHECK_FAILED, self.run_tests("scenarios/a.yaml"))
        self.assertIn("ended with exit code 2", result.stdout)
        self.assertIn("scenarios/a.yaml:2:7: error", result.stdout)
        self.assertIn("no result", result.stdout)

    def test_that_crashes(self):
        # The kernel kills it when it has used a second of its processor: it never ends by itself.
        self.write("scenarios/a.yaml", ENDLESS)
        limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        result = self.expect(CHECK_FAILED, self.run_tests("scenarios/a.yaml", preexec_fn=limit))
        self.assertRegex(result.stdout, r"the run with --compress was killed by signal \d+ \(.+\)")
        self.assertIn("repeat: conclave run scenarios/a.yaml", result.stdout)

    def test_that_takes_too_long(self):
        result = self.expect(CHECK_FAILED, self.run_tests("scenarios/a.yaml", "--time-limit", "1us"))
        self.assertIn("was killed at the time limit of 1 us", result.stdout)


class Interrupt(Regression):
    def test_ends_everything_and_leaves_nothing(self):
        self.write("scenarios/a.yaml", ENDLESS)
        environment = clean_environment({"TMPDIR": str(self.folder / "tmp")})
        run = subprocess.Popen([PROGRAM, "test", "--junit", "results.xml"], cwd=self.folder, env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(end, run)
        wait_until(lambda: list(self.folder.glob("tmp/*/0/.traced.partial-*")), "the first run to start")
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
        output, _ = run.communicate(timeout=TIME_LIMIT_S)
        self.assertEqual(-signal.SIGINT, run.returncode)
        self.assertEqual(b"", output)
        self.assertEqual(["scenarios", "tmp"], sorted(os.listdir(self.folder)))
        self.assertEqual([], os.listdir(self.folder / "tmp"))


class Junit(Regression):
    def test_tells_passed_and_failed(self):
        self.update()
        self.write("scenarios/a.yaml", "broken")
        self.write("scenarios/new & <shiny>\x01.yaml", TINY)
        self.expect(CHECK_FAILED, self.run_tests("--junit", "results.xml"))
        root = xml.etree.ElementTree.parse(self.folder / "results.xml").getroot()
        self.assertEqual("testsuites", root.tag)
        suite, = root
        self.assertEqual(("testsuite", "4", "2"), (suite.tag, suite.get("tests"), suite.get("failures")))
        cases = {case.get("name"): case for case in suite}
        self.assertEqual({"a.yaml", "b.yaml", "c.yaml", "new & <shiny>.yaml"}, set(cases))
        self.assertEqual("scenarios/deep", cases["b.yaml"].get("classname"))
        self.assertEqual([], list(cases["b.yaml"]))
        self.assertGreater(float(cases["b.yaml"].get("time")), 0)
        failure, = cases["a.yaml"]
        self.assertEqual("failure", failure.tag)
        self.assertIn("exit code 2", failure.get("message"))
        self.assertIn("repeat: conclave run scenarios/a.yaml", failure.text)

    def test_is_empty_of_failures_when_all_is_well(self):
        self.update()
        self.expect(OK, self.run_tests("--junit", "results.xml"))
        self.assertEqual("0", xml.etree.ElementTree.parse(self.folder / "results.xml").getroot()[0].get("failures"))

    def test_file_that_cannot_be_written_stops_everything(self):
        result = self.expect(USAGE, self.run_tests("--junit", "nowhere/results.xml"))
        self.assertIn("nowhere/results.xml", result.stderr)
        self.assertEqual("", result.stdout)


class Tap(Regression):
    def test_tells_passed_and_failed(self):
        self.update()
        self.write("scenarios/a.yaml", "broken")
        result = self.expect(CHECK_FAILED, self.run_tests("--tap"))
        lines = result.stdout.splitlines()
        self.assertEqual(["TAP version 13", "1..3", "not ok 1 - scenarios/a.yaml", "  ---"], lines[:4])
        self.assertIn('  reproduce: "conclave run scenarios/a.yaml"', lines)
        self.assertEqual(["  ...", "ok 2 - scenarios/deep/b.yaml", "ok 3 - scenarios/deep/c.yaml"], lines[-3:])

    def test_is_understood_by_prove(self):
        self.update()
        harness = lambda: subprocess.run(["prove", "-r", "--ext", ".yaml", "--exec", f"{PROGRAM} test --tap",
                                          "scenarios"], cwd=self.folder,
                                         env=clean_environment(), capture_output=True, text=True)
        self.assertIn("Tests=3", self.expect(0, harness()).stdout)
        self.write("scenarios/deep/c.yaml", TINY)
        self.assertIn("scenarios/deep/c.yaml", self.expect(1, harness()).stdout)


class Github(Regression):
    def test_annotates_failures_and_sums_up(self):
        self.update()
        for i in range(12):
            self.write(f"scenarios/new, {i}.yaml", TINY)
        environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        result = self.expect(CHECK_FAILED, self.run_tests(environment=environment))
        annotations = result.stderr.splitlines()
        self.assertEqual(10, len(annotations))
        self.assertTrue(annotations[0].startswith("::error file=scenarios/new%2C 0.yaml,title=conclave test%3A new%2C 0."
                                                  "yaml::scenarios/expected.txt does not mention it%0A"), annotations[0])
        self.assertEqual("::error title=conclave test::3 more scenarios failed", annotations[9])
        summary = (self.folder / "summary.md").read_text()
        self.assertIn("### Conclave: 3 passed, 12 failed", summary)
        self.assertIn("| `scenarios/new, 3.yaml` | scenarios/expected.txt does not mention it | "
                      "`conclave run 'scenarios/new, 3.yaml'` |", summary)

    def test_is_silent_elsewhere(self):
        self.assertEqual("", self.expect(CHECK_FAILED, self.run_tests()).stderr)


if __name__ == "__main__":
    unittest.main()
