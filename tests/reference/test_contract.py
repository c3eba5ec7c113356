"""Holds the sandbox to the vendor's Swagger file; see tests/contract/contract.js."""

import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from sandbox_support import ROOT, TOKEN, Sandbox  # noqa: E402

SWAGGER = os.path.join(ROOT, "..", "shared", "reference", "qtest-manager-swagger.yaml")
CONTRACT = os.path.join(ROOT, "tests", "contract")
INSTALLED = os.path.join(ROOT, "build", "contract")


class Contract(unittest.TestCase):
    def setUp(self):
        if not os.path.exists(SWAGGER):
            self.skipTest("the vendor's Swagger file is not there")
        if not shutil.which("node") or not shutil.which("npm"):
            self.skipTest("node and npm are not there")
        if not os.path.isdir(os.path.join(INSTALLED, "node_modules", "ajv-formats")):
            os.makedirs(INSTALLED, exist_ok=True)
            shutil.copy(os.path.join(CONTRACT, "package.json"), INSTALLED)
            done = subprocess.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], cwd=INSTALLED, capture_output=True)
            if done.returncode != 0:
                self.skipTest("the validator cannot be installed: " + done.stderr.decode()[-300:])

    def test_every_request_and_reply_agrees_with_the_file(self):
        with Sandbox() as sandbox:
            done = subprocess.run(["node", os.path.join(CONTRACT, "contract.js"), SWAGGER, f"http://127.0.0.1:{sandbox.port}", TOKEN,
                                   os.path.join(ROOT, "src", "sandbox", "router.c")], capture_output=True, text=True, timeout=900,
                                  env={**os.environ, "NODE_PATH": os.path.join(INSTALLED, "node_modules")})
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
