# Patches the modules of the interpreter for the next job.
# expect: exit=0 limit=none stdout=clean
# runs: 4
import builtins
import collections
import json
import math
import os
import re
import sys

found = [m.__name__ for m in (builtins, json, math, os, re, sys, collections) if hasattr(m, "lehr_attack")]
if "lehr_attack" in sys.modules:
    found.append("sys.modules")
if any("lehr-attack" in path for path in sys.path):
    found.append("sys.path")
if len("abc") != 3 or json.dumps(1) != "1":
    found.append("functions")
said = "%s" % (found or "clean")
print(said, flush=True)
for module in (builtins, json, math, os, re, sys, collections):
    module.lehr_attack = True
sys.modules["lehr_attack"] = sys
sys.path.insert(0, "/tmp/lehr-attack")
json.dumps = json.loads = lambda *_, **__: "forged"
builtins.len = lambda *_: 7
builtins.print = lambda *_, **__: None
os.write = os.read = None
re.compile = None
