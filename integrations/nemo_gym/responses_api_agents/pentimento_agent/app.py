"""An agent of NeMo Gym (NVIDIA-NeMo/Gym:nemo_gym/base_responses_api_agent.py) for the resources server of Pentimento.

Gym's own agents show what a resources server answers as text. This one shows the images of each turn as well."""
import fastapi
from nemo_gym.base_resources_server import BaseRunRequest, BaseVerifyResponse
from nemo_gym.base_responses_api_agent import BaseResponsesAPIAgentConfig, SimpleResponsesAPIAgent
from nemo_gym.config_types import ModelServerRef, ResourcesServerRef
from nemo_gym.openai_utils import NeMoGymResponse, NeMoGymResponseCreateParamsNonStreaming
from nemo_gym.server_utils import get_response_json, raise_for_status
from pydantic import ConfigDict


class PentimentoAgentConfig(BaseResponsesAPIAgentConfig):
    resources_server: ResourcesServerRef
    model_server: ModelServerRef


class RunRequest(BaseRunRequest):
    model_config = ConfigDict(extra='allow')


class RunResponse(BaseVerifyResponse):
    model_config = ConfigDict(extra='allow')


class PentimentoAgent(SimpleResponsesAPIAgent):
    config: PentimentoAgentConfig

    async def responses(
        self, request: fastapi.Request, body: NeMoGymResponseCreateParamsNonStreaming = fastapi.Body()
    ) -> NeMoGymResponse:
        """One reply of the model, without the environment."""
        answer, _cookies = await self.send(self.config.model_server.name, '/v1/responses', body, request.cookies)
        return NeMoGymResponse.model_validate(answer)

    async def run(self, request: fastapi.Request, body: RunRequest) -> RunResponse:
        server, model, row = self.config.resources_server.name, self.config.model_server.name, body.model_dump()
        turn, cookies = await self.send(server, '/seed_session', row, request.cookies)
        prompt, outputs, model_cookies = items_of(turn['messages']), [], None
        row['responses_create_params']['input'] = prompt
        while not turn['done']:
            asked = row['responses_create_params'] | {'input': [*prompt, *outputs]}
            path = self.url_path_for_run('/v1/responses', body)
            answer, model_cookies = await self.send(model, path, asked, model_cookies)
            reply = {'turn': turn['turn'], 'reply': text_of(answer)}
            turn, _cookies = await self.send(server, '/step', reply, cookies)
            outputs += [*answer['output'], *items_of(turn['messages'][1:])]
        played = row | {'response': answer | {'output': outputs}}
        verified, _cookies = await self.send(server, '/verify', played, cookies)
        return RunResponse.model_validate(verified)

    async def send(self, name: str, path: str, body: object, cookies: object) -> tuple:
        response = await self.server_client.post(server_name=name, url_path=path, json=body, cookies=cookies)
        await raise_for_status(response)
        return await get_response_json(response), response.cookies


def text_of(answer: dict) -> str:
    parts = [part for item in answer['output'] if item['type'] == 'message' for part in item['content']]
    return ''.join(part['text'] for part in parts if part['type'] == 'output_text')


def items_of(messages: list) -> list:
    """Messages of chat completions as input of the Responses API."""
    return [{'type': 'message', **message, 'content': content_of(message['content'])} for message in messages]


def content_of(content: 'str | list') -> 'str | list':
    if isinstance(content, str):
        return content
    images = {'type': 'input_image', 'detail': 'auto'}
    shown = [{'image_url': part['image_url']['url'], **images} if 'image_url' in part else part for part in content]
    return [part | {'type': 'input_text'} if 'text' in part else part for part in shown]


if __name__ == '__main__':
    PentimentoAgent.run_webserver()
