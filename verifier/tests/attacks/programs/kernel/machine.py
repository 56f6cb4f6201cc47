# Rules the machine: swap, restart, modules, accounting, host name, log, ports, quota.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"
init_module, finit_module, delete_module, kexec, kexec_file = (
    (175, 313, 176, 246, 320) if X86 else (105, 273, 106, 104, 294)
)
REFUSED = (1, 38)
got = []


def attempt(name, result):
    if result != -1 or ctypes.get_errno() not in REFUSED:
        got.append((name, result, ctypes.get_errno()))


open("swap", "wb").write(bytes(1 << 16))
attempt("swapon", libc.swapon(b"/tmp/swap", 0))
attempt("swapoff", libc.swapoff(b"/tmp/swap"))
# Only whether three keys restart the machine.
attempt("reboot", libc.reboot(0))
attempt("init_module", libc.syscall(init_module, b"x", 1, b""))
attempt("finit_module", libc.syscall(finit_module, 0, b"", 0))
attempt("delete_module", libc.syscall(delete_module, b"lehr-attack", 0))
attempt("kexec_load", libc.syscall(kexec, 0, 0, None, 0))
attempt("kexec_file_load", libc.syscall(kexec_file, -1, -1, 0, None, 0))
attempt("acct", libc.acct(b"/tmp/swap"))
attempt("sethostname", libc.sethostname(b"lehr-attack", 11))
attempt("setdomainname", libc.setdomainname(b"lehr-attack", 11))
attempt("klogctl", libc.klogctl(3, ctypes.create_string_buffer(64), 64))
attempt("vhangup", libc.vhangup())
if X86:
    attempt("iopl", libc.iopl(3))
    attempt("ioperm", libc.ioperm(0x70, 1, 1))
attempt("quotactl", libc.quotactl(0, None, 0, None))
print(got or "denied")
