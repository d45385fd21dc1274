"""verl for the tests of its adapters: its own agent loops, tools and tokenizing, or what follows them."""
import asyncio
import contextlib
import types

import trainer_code
from support import load, stub

EMPTY = ('verl', 'verl.experimental', 'verl.experimental.agent_loop', 'verl.tools', 'verl.utils')
OTHERS = (
    'hydra', 'omegaconf', 'ray', 'tensordict', 'verl.protocol', 'verl.tools.tool_registry', 'verl.trainer',
    'verl.utils.config', 'verl.utils.dataset', 'verl.utils.model', 'verl.workers',
)
IS_OWN = trainer_code.provide('verl', 'verl', 'follow_verl', EMPTY, OTHERS)

if IS_OWN:
    same = lambda func: func
    skip = types.SimpleNamespace(annotate=lambda **_: same)
    trace = {'rollout_trace_op': same, 'rollout_trace_attr': contextlib.nullcontext, 'RolloutTraceConfig': object}
    stub('verl.utils.profiler', simple_timer=contextlib.nullcontext)
    stub('verl.utils.ray_utils', auto_await=same, get_event_loop=asyncio.get_event_loop)
    stub('verl.utils.rollout_trace', **trace)
    stub('verl.utils.skip', SkipManager=skip)


def load_adapter(name):
    return load('verl', name)
