# Changes what belongs to the interpreter and not to a module.
# expect: exit=0 limit=none stdout=clean
# runs: 4
import gc
import locale
import signal
import sys
import threading

found = []
if sys.getrecursionlimit() == 777:
    found.append("recursion limit")
if sys.getswitchinterval() == 7.0:
    found.append("switch interval")
if sys.gettrace() or sys.getprofile():
    found.append("trace")
if not gc.isenabled():
    found.append("gc")
if signal.getsignal(signal.SIGUSR1) not in (signal.SIG_DFL, None):
    found.append("handler")
if threading.active_count() != 1:
    found.append("threads")
if hasattr(sys, "get_int_max_str_digits") and sys.get_int_max_str_digits() == 0:
    found.append("digits")
print(found or "clean")
sys.setrecursionlimit(777)
sys.setswitchinterval(7.0)
sys.settrace(lambda *_: None)
sys.setprofile(lambda *_: None)
gc.disable()
signal.signal(signal.SIGUSR1, lambda *_: None)
threading.Thread(target=lambda: None).start()
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)
