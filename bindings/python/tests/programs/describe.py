# SPDX-License-Identifier: Apache-2.0
"""Says as JSON what a module offers: describe.py MODULE."""

import importlib
import inspect
import json
import sys


def describe(value):
    if isinstance(value, type):
        fields = getattr(value, "__match_args__", None)
        methods = [name for name in dir(value) if not name.startswith("_")]
        if fields:
            methods = [name for name in methods if name not in dir(tuple)]
        return {"fields": fields, "members": sorted(methods)}
    if callable(value):
        return {"parameters": [(p.name, p.kind, p.default is p.empty or repr(p.default))
                               for p in inspect.signature(value).parameters.values()]}
    return {"value": value}


module = importlib.import_module(sys.argv[1])
print(json.dumps({name: describe(getattr(module, name)) for name in dir(module)
                  if not name.startswith("_") and not inspect.ismodule(getattr(module, name))}))
