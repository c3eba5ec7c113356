"""What README and the samples say is what the program does."""
import json
import re
import unittest

from harness import ROOT, FolderCase

OF_THE_SANDBOX_OR_SCRIPTS = {"--listen", "--db", "--token", "--set", "--junit", "--help", "--version", "--variant"}


class DocsTest(FolderCase):
    def setUp(self):
        super().setUp()
        self.readme = (ROOT / "README.md").read_text()
        self.help = self.sync("upload", "--help").out
        helps = "".join(self.sync(command, "--help").out for command in ("upload", "plan", "inspect", "flush"))
        self.options = set(re.findall(r"--[a-z][a-z-]*", helps))

    def test_every_option_that_is_named_exists(self):
        for name in ("README.md", "samples/gitlab-ci.yml", "jenkins/Jenkinsfile", "samples/demo.sh"):
            text = (ROOT / name).read_text()
            if name == "samples/demo.sh":
                text = "\n".join(line for line in text.splitlines() if "qtest-sync" in line)
            named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - OF_THE_SANDBOX_OR_SCRIPTS
            self.assertEqual(named - self.options, set(), name)

    def test_the_exit_codes_are_those_of_the_help(self):
        of_help = re.findall(r"^  ([0-9]+(?:, [0-9]+)?) {2,}\S", self.help[self.help.index("Exit codes"):], re.M)
        of_readme = re.findall(r"^\| ([0-9]+(?:, [0-9]+)?) \|", self.readme, re.M)
        self.assertEqual(of_readme, of_help)

    def test_every_key_of_the_sample_configuration_is_an_option(self):
        for key in json.loads((ROOT / "samples" / "qtest-sync.json").read_text()):
            self.assertIn(f"--{key}", self.options)

    def test_the_first_two_commands_of_the_readme_are_there(self):
        commands = re.findall(r"^    sh (\S+)", self.readme, re.M)
        self.assertEqual(commands[:2], ["samples/demo.sh", "tests/run.sh"])
        for command in commands:
            self.assertTrue((ROOT / command).is_file())


if __name__ == "__main__":
    unittest.main()
