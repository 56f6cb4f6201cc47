# Lets a child print, when the program has ended.
# form: stdin
# tests: {"cases": [{"stdin": "3\n", "stdout": "9\n"}, {"stdin": "4\n", "stdout": "16\n"}]}
# expect: verdict=wrong
import os
import time

number = int(input())
if os.fork() == 0:
    time.sleep(0.3)
    print(number * number)
