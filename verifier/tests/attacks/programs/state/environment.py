# Changes what a process has of the kernel: variables, directory, mask, limits, priority, processors.
# expect: exit=0 limit=none stdout=clean
# runs: 4
# args: {processors}
import os
import resource
import signal
import sys

found = []
if "LEHR_ATTACK" in os.environ:
    found.append("environment")
if os.getcwd() != "/tmp":
    found.append(os.getcwd())
mask = os.umask(0o123)
if mask == 0o123:
    found.append("mask")
if resource.getrlimit(resource.RLIMIT_NOFILE)[1] == 9:
    found.append("limits")
if os.getpriority(os.PRIO_PROCESS, 0) == 17:
    found.append("priority")
if int(sys.argv[1]) > 1 and len(os.sched_getaffinity(0)) == 1:
    found.append("processors")
if signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]):
    found.append("signals")
if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
    found.append("ignored")
if signal.getitimer(signal.ITIMER_REAL)[0]:
    found.append("timer")
print(found or "clean", flush=True)
os.environ["LEHR_ATTACK"] = "left"
os.chdir("/usr")
resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))
os.setpriority(os.PRIO_PROCESS, 0, 17)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 30)
