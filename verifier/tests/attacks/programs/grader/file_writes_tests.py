# Overwrites the files of the tests, and what the interpreter reads first.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import os

for directory in ("/program", "/tmp", "."):
    for name in ("tests.py", "test.py", "test_solution.py", "conftest.py", "sitecustomize.py", "pytest.ini", "json.py"):
        try:
            open(os.path.join(directory, name), "w").write("import os\nos._exit(0)\n")
        except OSError:
            pass


def f(x):
    return 0
