"""Follows NVIDIA-NeMo/Gym at 07d6b0d for a Python without that package: `nemo_gym/base_resources_server.py`
(`SimpleResourcesServer.setup_webserver`), `nemo_gym/base_responses_api_agent.py`, and `nemo_gym/server_utils.py`
(the session of a cookie, and the status of 500 for what a route raises), as far as an app meets them.
"""
import asyncio
import inspect
import json
import types
import uuid

from support import stub

SESSION_ID_KEY = 'session_id'


class Model:
    """Stands for a model of pydantic: fields by name, with their defaults, and more of them where it allows them."""

    def __init__(self, **fields):
        defaults = {name: getattr(type(self), name, None) for kind in type(self).__mro__ for name in vars(kind)}
        made = {name: value.made() for name, value in defaults.items() if isinstance(value, Default)}
        vars(self).update({**made, **fields})

    @classmethod
    def model_validate(cls, fields):
        return cls(**fields)

    def model_dump(self):
        return dict(vars(self))


class Default:
    def __init__(self, default_factory):
        self.made = default_factory


class App:
    def __init__(self):
        self.routes = {}

    def post(self, path):
        return lambda route: self.routes.setdefault(path, route)


class SimpleResourcesServer(Model):
    def setup_webserver(self):
        app = App()
        app.post('/seed_session')(self.seed_session)
        app.post('/verify')(self.verify)
        return app


class SimpleResponsesAPIAgent(Model):
    def url_path_for_run(self, url_path, body):
        return url_path


class Client:
    """Stands for a client over HTTP: each has the cookies of its own session."""

    def __init__(self, app):
        self.app, self.session = app, {SESSION_ID_KEY: str(uuid.uuid4())}

    def post(self, path, json):
        route = self.app.routes[path]
        request = types.SimpleNamespace(session=self.session, cookies={})
        body = inspect.signature(route).parameters['body'].annotation
        given = json if body is dict else body.model_validate(json)
        try:
            answer, status = asyncio.run(route(request=request, body=given)), 200
        except Exception as error:
            answer, status = repr(error), 500
        return types.SimpleNamespace(status_code=status, json=lambda: answer)


async def raise_for_status(response):
    if not response.ok:
        response.raise_for_status()


async def get_response_json(response):
    return json.loads(await response.read())


class Request:
    pass


class ServerClient:
    global_config_dict = post = None


stub('fastapi', FastAPI=App, Request=Request, Body=lambda: None)
stub('fastapi.testclient', TestClient=Client)
stub('pydantic', BaseModel=Model, ConfigDict=dict, Field=Default)
stub('nemo_gym')
stub(
    'nemo_gym.base_resources_server', BaseResourcesServerConfig=Model, BaseVerifyRequest=Model, BaseRunRequest=Model,
    BaseVerifyResponse=Model, SimpleResourcesServer=SimpleResourcesServer,
)
stub(
    'nemo_gym.base_responses_api_agent', BaseResponsesAPIAgentConfig=Model,
    SimpleResponsesAPIAgent=SimpleResponsesAPIAgent,
)
stub('nemo_gym.config_types', ModelServerRef=Model, ResourcesServerRef=Model)
stub('nemo_gym.openai_utils', NeMoGymResponse=Model, NeMoGymResponseCreateParamsNonStreaming=Model)
stub(
    'nemo_gym.server_utils', SESSION_ID_KEY=SESSION_ID_KEY, raise_for_status=raise_for_status,
    get_response_json=get_response_json, ServerClient=ServerClient,
)
