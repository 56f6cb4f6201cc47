# Prints the answers where they do not count.
# form: stdin
# tests: {"cases": [{"stdin": "3\n", "stdout": "9\n"}, {"stdin": "4\n", "stdout": "16\n"}]}
# expect: verdict=wrong
import sys

number = int(input())
print(number * number, file=sys.stderr)
