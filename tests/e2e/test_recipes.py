"""The shell steps of jenkins/Jenkinsfile and samples/gitlab-ci.yml, run against the sandbox with the
environment that those systems set."""
import os
import re
import shutil
import unittest

from harness import BUILD, PROJECT, ROOT, SAMPLES, FolderCase, SandboxCase

JENKINSFILE = ROOT / "jenkins" / "Jenkinsfile"
GITLAB_FILE = ROOT / "samples" / "gitlab-ci.yml"
WRAPPER = ROOT / "jenkins" / "qtest-sync.sh"


def jenkins_recipe():
    """(environment block, shell steps, id and variable of the credentials, report of tpJobRun)."""
    text = re.sub(r"^\s*//.*$", "", JENKINSFILE.read_text(), flags=re.M)
    block = re.search(r"environment\s*\{(.*?)\}", text, re.S).group(1)
    environment = dict(re.findall(r"(\w+)\s*=\s*'([^']*)'", block))
    steps = re.findall(r"\bsh\s+'''(.*?)'''|\bsh\s+'([^'\n]*)'", text, re.S)
    variable = re.search(r"string\(credentialsId:\s*'[^']+',\s*variable:\s*'(\w+)'\)", text).group(1)
    report = re.search(r"junitResultsFile:\s*'([^']+)'", text).group(1)
    return environment, [first or second for first, second in steps], variable, report


def gitlab_recipe():
    """{"variables": {...}, job: {"script": [...], "after_script": [...]}}: the plain subset of YAML that the sample
    is written in."""
    jobs, job, key = {}, None, None
    for line in GITLAB_FILE.read_text().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        top = re.fullmatch(r"([\w-]+):", line)
        second = re.match(r"  ([\w-]+):\s*(.*)", line)
        item = re.match(r"    - (.*)", line)
        if top:
            job, key = jobs.setdefault(top.group(1), {}), None
        elif second and not line.startswith("   "):
            key = second.group(1)
            job[key] = second.group(2).strip('"') or []
        elif item and isinstance(job.get(key), list):
            job[key].append(item.group(1))
    return jobs


class WrapperTest(FolderCase):
    def script(self, name, body):
        path = self.write(name, "#!/bin/sh\n" + body)
        path.chmod(0o755)
        return path

    def test_it_takes_the_named_executable_first_and_passes_exit_codes_on(self):
        named = self.script("named", 'echo "named $1 $2"; exit 6\n')
        self.script("bin/qtest-sync", "exit 99\n")
        result = self.run_program([WRAPPER, "a b", "c"], env={"QTEST_SYNC_BIN": str(named)})
        self.assert_exit(result, 6)
        self.assertEqual(result.out, "named a b c\n")

    def test_it_takes_the_one_beside_itself_then_the_one_on_the_path(self):
        copy = self.folder / "with blank" / "qtest-sync.sh"
        beside = self.script("with blank/qtest-sync", "echo beside; exit 3\n")
        shutil.copy(WRAPPER, copy)
        on_path = self.script("bin/qtest-sync", "echo path; exit 4\n")
        env = {"PATH": f"{on_path.parent}:{os.environ['PATH']}"}
        result = self.run_program([copy], env=env)
        self.assertEqual((result.code, result.out), (3, "beside\n"))
        beside.unlink()
        result = self.run_program([copy], env=env)
        self.assertEqual((result.code, result.out), (4, "path\n"))

    def test_it_says_when_there_is_none(self):
        result = self.run_program([WRAPPER, "upload"], env={"PATH": "/usr/bin:/bin"})
        self.assert_exit(result, 2)
        self.assertIn("install it, or name it in QTEST_SYNC_BIN", result.err)
        result = self.run_program([WRAPPER], env={"QTEST_SYNC_BIN": str(self.folder)})
        self.assert_exit(result, 2)
        self.assertIn("is no executable file", result.err)


class JenkinsTest(SandboxCase):
    def jenkins_env(self, environment, variable):
        """As Jenkins sets it for build 12 of the Pipeline 'web' in the folder 'shop'."""
        bin_folder = self.folder / "usr-local-bin"
        bin_folder.mkdir(exist_ok=True)
        shutil.copy(WRAPPER, bin_folder)
        if not (bin_folder / "qtest-sync").exists():
            (bin_folder / "qtest-sync").symlink_to((BUILD / "qtest-sync").resolve())
        return environment | {
            "PATH": f"{bin_folder}:{os.environ['PATH']}", "JENKINS_URL": "https://ci.shop.example/",
            "BUILD_NUMBER": "12", "BUILD_ID": "12", "BUILD_TAG": "jenkins-shop-web-12", "JOB_NAME": "shop/web",
            "JOB_BASE_NAME": "web", "BUILD_URL": "https://ci.shop.example/job/shop/job/web/12/",
            "WORKSPACE": str(self.folder / "workspace"), "EXECUTOR_NUMBER": "0", "NODE_NAME": "built-in",
            variable: self.sandbox.token}

    def test_the_shell_steps_upload_the_report_that_the_plugin_wrote(self):
        environment, steps, variable, report = jenkins_recipe()
        self.assertEqual(variable, "QTEST_TOKEN")
        self.assertEqual(environment["QTEST_PROJECT"], PROJECT)
        self.assertTrue(steps)
        workspace = self.folder / "workspace"
        workspace.mkdir()
        shutil.copy(SAMPLES / "testproject-junit.xml", workspace / report)
        env = self.jenkins_env(environment | {"QTEST_URL": self.sandbox.url}, variable)
        for step in steps:
            result = self.run_program(["sh", "-xe", "-c", step], env=env, cwd=workspace)
            self.assert_exit(result, 0)
            self.assertNotIn(self.sandbox.token, result.out + result.err)
        tree = self.sandbox.execution_tree()
        self.assertEqual(set(tree), {"Checkout smoke"})
        self.assertEqual(set(tree["Checkout smoke"]), {"Chrome", "iPhone 8"})
        [log] = tree["Checkout smoke"]["iPhone 8"]["Pay by invoice"]
        self.assertEqual(log["build_url"], "https://ci.shop.example/job/shop/job/web/12/")

    def test_a_report_that_was_never_written_is_exit_3(self):
        environment, steps, variable, _ = jenkins_recipe()
        workspace = self.folder / "workspace"
        workspace.mkdir()
        env = self.jenkins_env(environment | {"QTEST_URL": self.sandbox.url}, variable)
        result = self.run_program(["sh", "-xe", "-c", steps[-1]], env=env, cwd=workspace)
        self.assert_exit(result, 3)


class GitlabTest(SandboxCase):
    def gitlab_env(self, recipe, job, index=None, total=None):
        """As the runner sets it; the job of a `parallel:` has its shard in its name."""
        name = f"{job} {index}/{total}" if index else job
        project = self.folder / "builds"
        project.mkdir(exist_ok=True)
        env = {key: value for key, value in recipe["variables"].items() if isinstance(value, str)}
        env |= {"PATH": f"{(BUILD).resolve()}:{os.environ['PATH']}", "CI": "true", "GITLAB_CI": "true",
                "CI_SERVER_NAME": "GitLab", "CI_PIPELINE_ID": "9001", "CI_PIPELINE_IID": "41", "CI_JOB_NAME": name,
                "CI_JOB_ID": f"500{index or 0}", "CI_JOB_URL": f"https://git.shop.example/web/-/jobs/500{index or 0}",
                "CI_PIPELINE_URL": "https://git.shop.example/web/-/pipelines/9001",
                "CI_PIPELINE_CREATED_AT": "2024-05-01T10:00:00Z", "CI_PROJECT_DIR": str(project),
                "QTEST_URL": self.sandbox.url, "QTEST_TOKEN": self.sandbox.token}
        if index:
            env |= {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(total)}
        return project, env

    def run_lines(self, lines, project, env):
        """As the runner's shell executor does: bash, stop at the first failure."""
        return self.run_program(["bash", "-eo", "pipefail", "-c", "\n".join(lines)], env=env, cwd=project)

    def test_the_shards_of_a_parallel_job_share_one_cycle(self):
        recipe = gitlab_recipe()
        job = recipe["web-tests"]
        total = int(job["parallel"])
        for index in range(1, total + 1):
            project, env = self.gitlab_env(recipe, "web-tests", index, total)
            sample = SAMPLES / ("surefire.xml" if index == 1 else "pytest.xml")
            self.write("builds/run-tests.sh", f'#!/bin/sh\ncp "{sample}" "$2"\nexit 1\n').chmod(0o755)
            self.assert_exit(self.run_lines(job["script"], project, env), 1)  # tests failed, as they do
            after = self.run_lines(job["after_script"], project, env)
            self.assert_exit(after, 0)
            self.assertNotIn(self.sandbox.token, after.out + after.err)
        tree = self.sandbox.execution_tree()
        self.assertEqual(set(tree), {"web-tests"})
        logs = [log for suite in tree["web-tests"].values() for logs in suite.values() for log in logs]
        self.assertEqual(len(logs), 11)

    def test_the_saved_report_gives_the_job_its_verdict(self):
        recipe = gitlab_recipe()
        project, env = self.gitlab_env(recipe, "testproject-nightly")
        script = recipe["testproject-nightly"]["script"]
        for sample, code in (("testproject-nightly.json", 10), ("testproject-nightly-next-day.json", 0)):
            shutil.copy(SAMPLES / sample, project / "testproject-report.json")
            self.assert_exit(self.run_lines(script, project, env), code)
        self.assertEqual(set(self.sandbox.execution_tree()), {"Nightly web shop"})


if __name__ == "__main__":
    unittest.main()
