# Handles the signal that says that the time is up, and raises the limit meanwhile.
# expect: limit=cpu
# limits: cpu=0.4 wall=20
import resource
import signal


def more(*_):
    try:
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    except (OSError, ValueError):
        pass


signal.signal(signal.SIGXCPU, more)
more()
while True:
    pass
