"""tests/lib/install-missing.sh on machines that are made of a few scripts: what it says, and what it calls."""
import shutil

from harness import ROOT, FolderCase

SCRIPT = ROOT / "tests" / "lib" / "install-missing.sh"
LIBRARIES = "libcurl4-openssl-dev libcjson-dev libxml2-dev libmicrohttpd-dev libsqlite3-dev"


class InstallTest(FolderCase):
    def setUp(self):
        super().setUp()
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "env").symlink_to(shutil.which("env"))
        self.user(1000)

    def program(self, name, body="exit 0\n"):
        self.write(f"bin/{name}", "#!/bin/sh\n" + body).chmod(0o755)

    def user(self, number):
        self.program("id", f"echo {number}\n")

    def apt(self, simulate=0, install=0, update=0):
        self.program("apt-get", f'echo "apt-get $*" >>"{self.folder}/called"\necho "apt says $*"\n'
                     f'case "$*" in *--simulate*) exit {simulate} ;; *update*) exit {update} ;; esac\nexit {install}\n')

    def builds(self):
        for name in ("cc", "make", "python3", "pkg-config", "iconv"):
            self.program(name)

    def install(self, *words):
        return self.run_program(["/bin/sh", SCRIPT, *words], env={"PATH": str(self.folder / "bin")})

    def called(self):
        """What apt-get did, asking beforehand left out."""
        path = self.folder / "called"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if "--simulate" not in line]

    def assert_line_to_copy(self, result, packages):
        self.assert_exit(result, 1)
        self.assertEqual(result.err.splitlines()[-1], f"    sudo apt-get install -y {packages}")

    def test_nothing_is_said_where_everything_is_there(self):
        self.builds()
        result = self.install("build")
        self.assert_exit(result, 0)
        self.assertEqual(result.out + result.err, "")

    def test_without_a_way_to_install_the_line_to_copy_is_said(self):
        self.apt()
        self.assert_line_to_copy(self.install("build"), f"gcc make python3 pkg-config libc6-dev {LIBRARIES}")
        self.assertEqual(self.called(), [])

    def test_so_it_is_where_sudo_asks_for_a_password(self):
        self.builds()
        self.apt()
        self.program("sudo", '[ "$1" = -n ] || echo "asked" >>"$HOME/called"\nexit 1\n')
        self.assert_line_to_copy(self.install("build", "tests"), "openssl")
        self.assertEqual(self.called(), [])

    def test_so_it_is_where_there_is_no_apt_get(self):
        self.builds()
        self.user(0)
        self.assert_line_to_copy(self.install("build", "tests"), "openssl")

    def test_what_is_installed_is_said_before_and_apt_is_heard(self):
        self.builds()
        self.apt()
        self.user(0)
        result = self.install("build", "tests")
        self.assert_exit(result, 0)
        lines = result.err.splitlines()
        self.assertEqual(lines[0], "installing with apt-get: openssl")
        self.assertTrue(lines[1].startswith("apt says "), result)
        self.assertEqual(len(self.called()), 1)
        self.assertTrue(self.called()[0].endswith(" install -y --no-install-recommends openssl"), self.called())

    def test_sudo_without_a_password_will_do(self):
        self.builds()
        self.apt()
        self.program("sudo", '[ "$1" = -n ] || exit 1\nshift\n"$@"\n')
        self.assert_exit(self.install("build", "tests"), 0)
        self.assertEqual(len(self.called()), 1)

    def test_lists_of_packages_that_are_missing_are_fetched(self):
        self.builds()
        self.apt(simulate=100)
        self.user(0)
        result = self.install("build", "tests")
        self.assert_exit(result, 0)
        self.assertIn("fetching the lists of packages", result.err)
        self.assertEqual([line.split()[3] for line in self.called()], ["update", "install"])

    def test_what_apt_get_cannot_do_is_heard_and_fails(self):
        self.builds()
        self.apt(install=100)
        self.user(0)
        result = self.install("build", "tests")
        self.assert_line_to_copy(result, "openssl")
        self.assertIn("apt says", result.err)
        self.assertIn("apt-get could not install: openssl", result.err)

    def test_an_optional_tool_says_that_it_goes_on_without(self):
        result = self.install("optional", "shellcheck")
        self.assert_line_to_copy(result, "shellcheck")
        self.assertIn("it goes on without", result.err)

    def test_an_unknown_word_is_an_error(self):
        self.assert_exit(self.install("everything"), 2)
