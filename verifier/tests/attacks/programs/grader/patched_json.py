# Lets the module that writes results write others.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import json
import json.encoder

json.dumps = lambda *_, **__: '{"case": 0, "value": {"int": "9"}}'
json.JSONEncoder.encode = json.dumps
json.encoder.c_make_encoder = None
json.encoder.JSONEncoder.iterencode = lambda *_, **__: ['{"case": 0, "value": {"int": "9"}}']
json.loads = lambda *_, **__: [3]


def f(x):
    return 0
