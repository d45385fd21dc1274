"""verifiers for the tests of its adapters: its own environments, or what follows them."""
import importlib

import trainer_code
from support import load, stub

OTHERS = (
    'agents', 'aiolimiter', 'gepa', 'math_verify', 'openenv', 'prime_sandboxes', 'prime_tunnel', 'pydantic_config',
    'renderers', 'setproctitle',
)
IS_OWN = trainer_code.provide('verifiers', 'verifiers', 'follow_verifiers', absent=OTHERS)

if IS_OWN:
    try:
        importlib.import_module('mcp.server.fastmcp')
    except ImportError:
        stub('mcp.server.fastmcp', FastMCP=object)


def load_adapter(name):
    return load('verifiers', name)
