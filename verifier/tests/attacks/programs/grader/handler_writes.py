# A signal that comes later writes results.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os
import signal

signal.signal(signal.SIGALRM, lambda *_: os.write(3, b'{"case": 0, "value": {"int": "9"}}\n'))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)


def f(x):
    for _ in range(200_000):
        pass
    return 0
