"""verifiers for the tests of its adapters: its own environments, or what follows them."""
import trainer_code
from support import stub

OTHERS = (
    'agents', 'aiolimiter', 'gepa', 'math_verify', 'openenv', 'prime_sandboxes', 'prime_tunnel', 'pydantic_config',
    'renderers', 'setproctitle',
)
IS_OWN = trainer_code.provide('verifiers', 'verifiers', 'follow_verifiers', absent=OTHERS)

if IS_OWN:
    try:
        import mcp.server.fastmcp  # noqa: F401
    except ImportError:
        stub('mcp.server.fastmcp', FastMCP=object)
