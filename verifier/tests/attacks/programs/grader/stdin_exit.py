# Ends well and prints nothing.
# form: stdin
# tests: {"cases": [{"stdin": "3\n", "stdout": "9\n"}, {"stdin": "4\n", "stdout": "16\n"}]}
# expect: verdict=wrong
raise SystemExit(0)
