# A thread ends the program well while the tests run.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import os
import threading
import time


def end():
    time.sleep(0.05)
    os._exit(0)


threading.Thread(target=end).start()


def f(x):
    time.sleep(0.2)
    return 0
