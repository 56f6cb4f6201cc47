# A thread waits for the end of the calls, then writes results.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os
import threading
import time


def write():
    for _ in range(200):
        time.sleep(0.002)
        os.write(3, b'{"case": 0, "value": {"int": "9"}}\n')


threading.Thread(target=write).start()


def f(x):
    return 0
