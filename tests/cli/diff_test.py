"""conclave diff: the first event at which two runs part, and what led to it."""

import json
import unittest

from support import CHECK_FAILED, OK, PBFT_4, SMALL, USAGE, CliTest


class Diff(CliTest):
    def diff(self, *arguments, code=CHECK_FAILED):
        return json.loads(self.expect(code, self.conclave("diff", *arguments, "--json")).stdout)

    def run_into(self, folder, *arguments, scenario="small.yaml"):
        self.expect(OK, self.conclave("run", scenario, "--out", folder, *arguments))

    def trace(self, folder):
        return [json.loads(line) for line in (self.folder / folder / "trace.jsonl").read_text().splitlines()[1:]]

    def setUp(self):
        super().setUp()
        self.write("small.yaml")


class Equal(Diff):
    def test_runs(self):
        self.run_into("a")
        self.run_into("b", "--compress")
        self.assertTrue(self.diff("a", "b", code=OK)["equal"])
        self.assertIn("equal, event by event", self.expect(OK, self.conclave("diff", "a", "b")).stdout)
        self.assertTrue(self.diff("a", "small.yaml", code=OK)["equal"])
        self.assertTrue(self.diff("small.yaml", "small.yaml", "--seed", 5, code=OK)["equal"])


class Parting(Diff):
    def test_is_the_first_event_that_differs(self):
        self.run_into("a")
        self.run_into("b", "--set", "agents.client.workload.every=90ms")
        a, b = self.trace("a"), self.trace("b")
        wanted = next(i for i, (left, right) in enumerate(zip(a, b)) if left != right)
        found = self.diff("a", "b")
        self.assertEqual(wanted, found["number"])
        self.assertEqual((a[wanted], b[wanted]), (found["a"]["event"], found["b"]["event"]))
        self.assertGreater(wanted, 10)

    def test_of_scenarios_is_that_of_their_runs(self):
        self.run_into("a")
        self.run_into("b", "--set", "agents.client.workload.every=90ms")
        found = self.diff("a", "b")
        live = self.diff("small.yaml", "small.yaml", "--set-b", "agents.client.workload.every=90ms")
        self.assertEqual(found, live)

    def test_is_found_by_the_ladder(self):
        # A long run that differs late: the hashes tell where, and only the rest is compared.
        self.run_into("a", "--set", "agents.client.workload.requests=40", scenario=PBFT_4)
        self.run_into("b", "--set", "agents.client.workload.requests=41", scenario=PBFT_4)
        found = self.diff("a", "b")
        self.assertGreater(found["compared_from"], 1000)
        self.assertLess(found["compared"], 50)
        for folder in ("a", "b"):
            (self.folder / folder / "ladder.json").unlink()
        slow = self.diff("a", "b")
        self.assertEqual(0, slow["compared_from"])
        self.assertEqual(found["number"], slow["number"])

    def test_where_one_run_ends(self):
        self.run_into("a")
        self.run_into("b", "--set", "agents.client.workload.requests=4")
        found = self.diff("a", "b")
        self.assertIsNotNone(found["b"]["event"])
        text = self.expect(CHECK_FAILED, self.conclave("diff", "b", "a")).stdout
        self.assertIn(f"the runs part at event {found['number']}", text)

    def test_shows_what_led_to_it(self):
        # Slower signatures delay the first answer to a message: that message and its sender are the context.
        self.run_into("a")
        self.run_into("b", "--set", "crypto.sign=30us")
        found = self.diff("a", "b")
        for side in (found["a"], found["b"]):
            chain = side["causes"] + [side["event"]]
            self.assertGreaterEqual(len(chain), 2)
            for cause, effect in zip(chain, chain[1:]):
                self.assertLessEqual(cause["t"], effect["t"])
                if effect["event"] == "delivered":
                    self.assertEqual(("sent", effect["from"], effect["message"]),
                                     (cause["event"], cause["agent"], cause["message"]))
                else:
                    self.assertEqual(effect["agent"], cause["agent"])
        text = self.expect(CHECK_FAILED, self.conclave("diff", "a", "b")).stdout
        self.assertIn("A  a\n", text)
        self.assertIn("B  b\n", text)


class BadInput(Diff):
    def refuse(self, message, *arguments):
        result = self.expect(USAGE, self.conclave("diff", *arguments))
        self.assertIn(message, result.stderr)
        self.assertEqual("", result.stdout)

    def test_is_refused(self):
        self.run_into("a")
        self.run_into("untraced", "--no-trace")
        (self.folder / "empty").mkdir()
        self.refuse("the run left no trace", "a", "untraced")
        self.refuse("not the folder of a run", "a", "empty")
        self.refuse("there is no such file", "a", "nowhere")
        self.refuse("did you mean `count`?", "a", "small.yaml", "--set-b", "agents.replica.cuont=4")
        self.write("broken.yaml", SMALL.replace("seed: 7", "seed: x"))
        self.refuse("broken.yaml:2:7: error", "broken.yaml", "a")
        (self.folder / "a/trace.jsonl").write_text("nonsense\n")
        self.refuse("not the header of a trace", "a", "small.yaml")


if __name__ == "__main__":
    unittest.main()
