# Puts objects of its own in the place of the outputs, which end the program when they are flushed.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os
import sys


class Out:
    def write(self, text):
        return len(text)

    def flush(self):
        os._exit(0)

    def fileno(self):
        return 3


sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Out()


def f(x):
    return 0
