# Connects to the sockets that programs of the host listen on.
# expect: exit=0 limit=none stdout=denied
# args: {unix}
import glob
import socket
import sys

got = []
for path in [
    sys.argv[1],
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/dbus/system_bus_socket",
    "/run/systemd/private",
    "/run/systemd/notify",
    "/dev/log",
    *glob.glob("/tmp/ssh-*/agent.*"),
    *glob.glob("/run/user/*/*"),
    *glob.glob("/tmp/.X11-unix/*"),
]:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            sender = socket.socket(socket.AF_UNIX, kind)
            sender.settimeout(1)
            sender.connect(path)
            got.append(path)
        except OSError:
            pass
print(got or "denied")
