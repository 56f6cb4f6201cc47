# Loops, and lets neither an exception nor a signal stop it.
# expect: limit=cpu
# limits: cpu=0.4 wall=20
import signal

for number in range(1, 65):
    try:
        signal.signal(number, lambda *_: None)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
