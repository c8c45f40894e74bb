"""Bad scenarios: exit code 2, a message that names the place, and no trace of a run.

The texts of the loader's messages are tested where they are made (tests/unit); here it is the program that must survive.
"""

import os
import stat
import unittest

from support import PBFT_4, SMALL, USAGE, CliTest

STAR = "platform: { star: { hosts: 5, latency: 500us } }"
XML = """\
<?xml version="1.0"?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <zone id="world" routing="Full">
    <host id="a" speed="1Gf"/>
    <host id="b" speed="1Gf"/>
    <link id="cable" bandwidth="{bandwidth}" latency="1ms"/>
    {routes}
  </zone>
</platform>
"""
ROUTE = '<route src="a" dst="b"><link_ctn id="cable"/></route>'


class BadScenario(CliTest):
    def refuse(self, content, *messages, name="bad.yaml", arguments=()):
        """Both commands refuse the scenario with these words, and nothing is left behind."""
        if content is not None:
            self.write(name, content)
        before = self.files()
        for command in (["validate", name], ["run", name, "--out", "out", *arguments]):
            if command[0] == "validate" and arguments:
                continue
            result = self.expect(USAGE, self.conclave(*command))
            self.assertEqual("", result.stdout)
            for message in messages:
                self.assertIn(message, result.stderr)
            self.assertLess(len(result.stderr), 20_000, "more than anybody reads")
            self.assertEqual(before, self.files())

    def refuse_platform(self, content, *messages):
        """The platform is only looked at by `run`."""
        self.write("platform.xml", content)
        self.write("bad.yaml", SMALL.replace(STAR, "platform: { file: platform.xml }"))
        before = self.files()
        result = self.expect(USAGE, self.conclave("run", "bad.yaml", "--out", "out"))
        for message in messages:
            self.assertIn(message, result.stderr)
        self.assertEqual("", result.stdout)
        self.assertEqual(before, self.files())


class File(BadScenario):
    def test_missing(self):
        self.refuse(None, "bad.yaml: error: there is no such file")

    def test_folder(self):
        (self.folder / "bad.yaml").mkdir()
        self.refuse(None, "bad.yaml: error: this is a folder")

    def test_not_readable(self):
        path = self.write("bad.yaml")
        path.chmod(0)
        if os.access(path, os.R_OK):  # root reads everything
            as_nobody = {"user": 65534, "group": 65534, "extra_groups": []}
            self.folder.chmod(0o777)
        else:
            as_nobody = {}
        result = self.expect(USAGE, self.conclave("run", "bad.yaml", **as_nobody))
        self.assertIn("bad.yaml: error: cannot read: Permission denied", result.stderr)
        self.assertEqual(["bad.yaml"], self.files())

    def test_pipe(self):
        os.mkfifo(self.folder / "bad.yaml")
        self.assertTrue(stat.S_ISFIFO((self.folder / "bad.yaml").stat().st_mode))
        self.refuse(None, "bad.yaml: error: this is not a regular file")

    def test_empty(self):
        self.refuse("", "bad.yaml:1:1: error")

    def test_binary(self):
        self.refuse(bytes(range(256)) * 40, "bad.yaml:1:")


class Yaml(BadScenario):
    def test_malformed(self):
        self.refuse(SMALL.replace("hosts: 5, ", "hosts: [5, "), "bad.yaml:3:")

    def test_key_twice(self):
        self.refuse(SMALL + "seed: 8\n", "bad.yaml:9:1: error", "seed")

    def test_cyclic_anchor(self):
        self.refuse("title: &a [*a]\n" + SMALL, "bad.yaml:1:")

    def test_alias_bomb(self):
        bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for i in range(1, 12):
            bomb += f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n"
        self.refuse(bomb + SMALL, "bad.yaml:1:")

    def test_ten_megabytes_of_nesting(self):
        self.refuse("a: " + "[" * 10_000_000, "bad.yaml")
        self.refuse("a: " + "{a: " * 2_500_000, "bad.yaml")

    def test_nesting_within_the_size_limit(self):
        self.refuse("a: " + "[" * 1_000_000, "bad.yaml:1:")
        self.refuse("".join("- " * 1000 for _ in range(500)), "bad.yaml:1:")


class Quantity(BadScenario):
    def test_bad_numbers(self):
        for written, bad, place in [
            ("stop_at: 10s", "stop_at: .nan", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: nan", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: infs", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: -10s", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: 10", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: 300000000h", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: 99999999999999999999999s", "bad.yaml:7:10"),
            ("stop_at: 10s", "stop_at: 0s", "bad.yaml:7:10"),
            ("seed: 7", "seed: -7", "bad.yaml:2:7"),
            ("seed: 7", "seed: 18446744073709551616", "bad.yaml:2:7"),
            ("count: 4", "count: 0", "bad.yaml:5:30"),
            ("count: 4", "count: 4.5", "bad.yaml:5:30"),
            ("count: 4", "count: 99999999999", "bad.yaml:5:30"),
            ("latency: 500us", "latency: -1us", "bad.yaml:3:40"),
            ("latency: 500us", "bandwidth: 0bps", "bad.yaml:3:42"),
            ("latency: 500us", "bandwidth: 0Gbps", "bad.yaml:3:42"),
        ]:
            with self.subTest(bad):
                self.assertIn(written, SMALL)
                self.refuse(SMALL.replace(written, bad), f"{place}: error")


class Meaning(BadScenario):
    def test_more_faulty_replicas_than_bearable(self):
        self.refuse(SMALL.replace("stack: [pbft] }", "stack: [pbft], pbft: { f: 2 } }"), "bad.yaml:5:",
                    "4 replicas cannot bear f = 2", "n >= 3f + 1")

    def test_unknown_names_have_suggestions(self):
        for written, bad, suggestion in [("stack: [pbft] }", "stack: [pbtf] }", "`pbft`"),
                                         ("agreement", "agrement", "`agreement`"),
                                         ("stop_at", "stop_a", "`stop_at`")]:
            with self.subTest(bad):
                self.refuse(SMALL.replace(written, bad), "bad.yaml:", suggestion)

    def test_all_errors_at_once(self):
        self.refuse(SMALL.replace("seed: 7", "seed: x").replace("hosts: 5", "hosts: 0").replace("integrity", "integer"),
                    "bad.yaml:2:7", "bad.yaml:3:28", "bad.yaml:8:31")

    def test_bad_changes_on_the_command_line(self):
        for change, message in [("stop_at", "--set"), ("stop_at=", "stop_at"), ("nonsense=1", "nonsense"),
                                ("agents.replica.count=x", "count"), ("agents.nobody.count=4", "nobody"),
                                ("checks[99]=agreement", "--set"), ("stop_at=[", "--set")]:
            with self.subTest(change):
                self.refuse(SMALL, message, arguments=["--set", change])


class Platform(BadScenario):
    def test_sound(self):
        # Otherwise the refusals below might have another reason than the one they are about.
        self.write("platform.xml", XML.format(bandwidth="1Gbps", routes=ROUTE))
        self.run_json(self.write("good.yaml", SMALL.replace(STAR, "platform: { file: platform.xml }")))

    def test_missing(self):
        scenario = SMALL.replace(STAR, "platform: { file: nowhere.xml }")
        self.refuse(scenario, "nowhere.xml")

    def test_not_xml(self):
        self.refuse_platform("this is no platform\n", "bad.yaml", "platform")

    def test_cut_off(self):
        whole = XML.format(bandwidth="1Gbps", routes=ROUTE)
        self.refuse_platform(whole[:len(whole) // 2], "platform")

    def test_without_a_route(self):
        self.refuse_platform(XML.format(bandwidth="1Gbps", routes=""), "platform", "no route")

    def test_unknown_link(self):
        self.refuse_platform(XML.format(bandwidth="1Gbps", routes=ROUTE.replace("cable", "string")), "string")

    def test_no_bandwidth(self):
        self.refuse_platform(XML.format(bandwidth="0bps", routes=ROUTE), "cable", "bandwidth")

    def test_bad_quantities(self):
        for bandwidth in ("-1Gbps", "NaNbps", "fastbps", "1furlong"):
            with self.subTest(bandwidth):
                self.refuse_platform(XML.format(bandwidth=bandwidth, routes=ROUTE), "platform")

    def test_host_twice(self):
        self.refuse_platform(XML.format(bandwidth="1Gbps", routes='<host id="a" speed="1Gf"/>' + ROUTE), "platform")

    def test_unknown_host(self):
        for arguments in (["agents.replica.hosts=[nowhere]"], ["agents.replica.hosts=['no-*']"]):
            before = self.files()
            result = self.expect(USAGE, self.conclave("run", PBFT_4, "--out", "out", "--set", *arguments))
            self.assertIn("no", result.stderr)
            self.assertEqual(before, self.files())


class SeveralFiles(BadScenario):
    def test_validate_names_each_bad_file(self):
        self.write("good.yaml")
        self.write("bad.yaml", SMALL.replace("seed: 7", "seed: x"))
        self.write("worse.yaml", "]")
        result = self.expect(USAGE, self.conclave("validate", "bad.yaml", "good.yaml", "worse.yaml"))
        self.assertEqual("good.yaml: ok\n", result.stdout)
        self.assertIn("bad.yaml:2:7: error", result.stderr)
        self.assertIn("worse.yaml:1:1: error", result.stderr)


if __name__ == "__main__":
    unittest.main()
