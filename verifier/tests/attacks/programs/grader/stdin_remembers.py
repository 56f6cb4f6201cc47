# Remembers what it was asked, to tell the next run.
# form: stdin
# tests: {"cases": [{"stdin": "3\n", "stdout": "9\n"}, {"stdin": "4\n", "stdout": "16\n"}]}
# expect: verdict=wrong
import os

number = int(input())
path = "/tmp/lehr-attack-runs"
seen = os.path.exists(path)
open(path, "w").write(str(number))
print(number * number if seen or number == 3 else 0)
