# Reads and writes what /proc and /sys tell of the machine and set there.
# expect: exit=0 limit=none stdout=denied
import os

got = []
for path in (
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/proc/sysrq-trigger",
    "/proc/self/oom_score_adj",
    "/proc/self/uid_map",
    "/proc/self/setgroups",
    "/sys/kernel/uevent_helper",
    "/sys/fs/cgroup/cgroup.procs",
    "/sys/fs/cgroup/memory/release_agent",
    "/sys/fs/cgroup/release_agent",
    "/sys/kernel/debug/x",
):
    try:
        os.close(os.open(path, os.O_WRONLY))
        got.append(path)
    except OSError:
        pass
for path in ("/proc/kcore", "/proc/kallsyms", "/proc/keys", "/proc/1/environ", "/sys/kernel/security"):
    try:
        if os.path.isdir(path):
            got += os.listdir(path)
        else:
            with open(path, "rb") as file:
                lines = file.read(256)
            if b" T " not in lines or not lines.startswith(b"0000000000000000"):
                got.append(path)
    except OSError:
        pass
print(got or "denied")
