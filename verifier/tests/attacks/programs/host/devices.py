# Opens and makes devices.
# expect: exit=0 limit=none stdout=denied
import os
import stat

HARMLESS = {"null", "full", "zero", "random", "urandom", "shm", "fd", "stdin", "stdout", "stderr", "mqueue"}
got = [name for name in os.listdir("/dev") if name not in HARMLESS]
for name in ("kvm", "mem", "kmem", "port", "fuse", "loop-control", "vda", "sda", "nvme0n1", "tty", "ptmx", "net/tun", "kmsg", "dri/card0", "nvidiactl"):
    try:
        os.close(os.open("/dev/" + name, os.O_RDONLY))
        got.append(name)
    except OSError:
        pass
for kind, major, minor in ((stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 1, 3), (stat.S_IFBLK, 254, 0), (stat.S_IFBLK, 8, 0)):
    try:
        os.mknod("/tmp/node", kind | 0o666, os.makedev(major, minor))
        with open("/tmp/node", "rb") as file:
            file.read(1)
        got.append((major, minor))
    except OSError:
        pass
print(got or "denied")
