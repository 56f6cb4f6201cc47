# Looks for the tests in files, arguments, environment and open files.
# form: stdin
# tests: {"cases": [{"stdin": "3\n", "stdout": "9\n"}, {"stdin": "4\n", "stdout": "16\n"}]}
# expect: verdict=wrong
import glob
import os
import sys

texts = [*sys.argv, *os.environ.values()]
for path in glob.glob("/program/*") + glob.glob("/tmp/*") + glob.glob("/tmp/.*"):
    if not path.endswith(".py"):
        try:
            texts.append(open(path).read())
        except OSError:
            pass
for number in range(3, 64):
    try:
        texts.append(os.read(number, 9999).decode())
    except OSError:
        pass
print(9 if any("stdout" in text for text in texts) else 0)
