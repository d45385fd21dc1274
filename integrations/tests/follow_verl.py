"""Follows verl-project/verl at 1dda039 for a Python without that package: `verl/experimental/agent_loop/agent_loop.py`
(AgentLoopBase, AgentLoopOutput, register), `verl/utils/tokenizer/continuous_token.py` (the merges and
`align_response_metadata`), `verl/experimental/agent_loop/tool_agent_loop.py` (`AgentData`, `_call_tool`) and
`verl/tools`, as far as an adapter meets them. A token is a character, and an image one token.
"""
import dataclasses
import json
import types
import uuid

from support import stub

IMAGE = '\ufffc'


def render(messages):
    text = ''
    for message in messages:
        content = message['content']
        parts = [{'type': 'text', 'text': content}] if isinstance(content, str) else content
        shown = ''.join(part['text'] if part['type'] == 'text' else IMAGE for part in parts)
        text += f'<{message["role"]}>{shown}</>'
    return text


class Tokenizer:
    def encode(self, text):
        return [ord(character) for character in text]

    def decode(self, token_ids, skip_special_tokens=False):
        return ''.join(map(chr, token_ids))


@dataclasses.dataclass
class AgentLoopOutput:
    prompt_ids: list
    response_ids: list
    response_mask: list
    metrics: dict
    response_logprobs: 'list | None' = None
    multi_modal_data: 'dict | None' = None
    reward_score: 'float | None' = None
    num_turns: int = 0
    extra_fields: dict = dataclasses.field(default_factory=dict)


class AgentLoopBase:
    def __init__(self, trainer_config, server_manager, tokenizer, processor, dataset_cls, data_config, **kwargs):
        self.rollout_config = trainer_config.config.actor_rollout_ref.rollout
        self.server_manager, self.tokenizer = server_manager, tokenizer

    def _get_mm_processor_kwargs(self, audio_data=None):
        return {}

    async def ct_build_initial_tokens(self, messages, tools=None, images=None, videos=None, audios=None):
        token_ids = self.tokenizer.encode(render(messages) + '<assistant>')
        if images and len(token_ids) > self.rollout_config.prompt_length:
            raise ValueError('Multimodal prompt exceeds rollout.prompt_length.')
        return token_ids

    async def ct_merge_assistant_token(
        self, runtime_token_ids, assistant_token_ids, response_mask, response_logprobs=None, assistant_logprobs=None
    ):
        if response_logprobs is None and assistant_logprobs is not None:
            raise ValueError('response_logprobs is required when assistant_logprobs is provided')
        merged = types.SimpleNamespace(token_ids=[*runtime_token_ids, *assistant_token_ids])
        logprobs = None if response_logprobs is None else [*response_logprobs, *assistant_logprobs]
        return merged, [*response_mask, *[1] * len(assistant_token_ids)], logprobs

    async def ct_merge_non_assistant_msg(
        self, previous_messages, updated_messages, runtime_token_ids, response_mask, response_logprobs=None, tools=None
    ):
        before, after = render(previous_messages), render(updated_messages) + '<assistant>'
        if not after.startswith(before) or updated_messages[len(previous_messages)]['role'] == 'assistant':
            raise ValueError('Continuous Token token-id suffix diff failed.')
        appended = self.tokenizer.encode(after[len(before):])
        merged = types.SimpleNamespace(token_ids=[*runtime_token_ids, *appended])
        logprobs = None if response_logprobs is None else [*response_logprobs, *[0.0] * len(appended)]
        return merged, [*response_mask, *[0] * len(appended)], logprobs


class BaseTool:
    def __init__(self, config, tool_schema):
        self.config, self.tool_schema, self.name = config, tool_schema, tool_schema.function.name

    async def create(self, instance_id=None, **kwargs):
        return instance_id or str(uuid.uuid4()), ToolResponse()

    async def execute(self, instance_id, parameters, **kwargs):
        return ToolResponse(text='Updated the tool state.'), 0.0, {}

    async def release(self, instance_id, **kwargs):
        pass


class ToolResponse:
    def __init__(self, **values):
        for key in ('image', 'video'):
            if key in values and not isinstance(values[key], list):
                raise ValueError(f'{key} must be a list')
        self.text, self.image, self.video = (values.get(key) for key in ('text', 'image', 'video'))


class AgentData:
    def __init__(self, tools_kwargs, **_kwargs):
        self.tools_kwargs, self.extra_fields = tools_kwargs, {}


class ToolAgentLoop:
    async def _call_tool(self, tool_call, tools_kwargs, agent_data):
        tool, instance_id = self.tools[tool_call.name], None
        try:
            kwargs = tools_kwargs.get(tool_call.name, {})
            instance_id, _ = await tool.create(create_kwargs=kwargs.get('create_kwargs', {}))
            return await tool.execute(instance_id, json.loads(tool_call.arguments), agent_data=agent_data)
        except Exception as error:
            return ToolResponse(text=f"Error executing tool '{tool_call.name}': {error}"), 0.0, {}
        finally:
            if instance_id:
                await tool.release(instance_id)


def schema_of(value):
    return types.SimpleNamespace(function=types.SimpleNamespace(**value['function']))


for package in ('verl', 'verl.experimental', 'verl.experimental.agent_loop', 'verl.tools'):
    stub(package)
loop = {'AgentLoopBase': AgentLoopBase, 'AgentLoopOutput': AgentLoopOutput, 'register': lambda _name: lambda kind: kind}
stub('verl.experimental.agent_loop.agent_loop', **loop, DictConfigWrap=types.SimpleNamespace)
stub('verl.experimental.agent_loop.tool_agent_loop', ToolAgentLoop=ToolAgentLoop, AgentData=AgentData)
stub('verl.experimental.agent_loop.tool_parser', FunctionCall=types.SimpleNamespace)
stub('verl.tools.base_tool', BaseTool=BaseTool)
schema = type('OpenAIFunctionToolSchema', (), {'model_validate': staticmethod(schema_of)})
stub('verl.tools.schemas', ToolResponse=ToolResponse, OpenAIFunctionToolSchema=schema)
