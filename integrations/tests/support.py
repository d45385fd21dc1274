"""What the tests of the adapters share. The environment names a running Pentimento and one example of it."""
import http.server
import importlib.util
import json
import os
import pathlib
import sys
import threading
import types
import urllib.error
import urllib.request

INTEGRATIONS = pathlib.Path(__file__).resolve().parent.parent
SERVICE = os.environ['PENTIMENTO_URL']
TARGET = os.environ['TEST_TARGET_BLOB']
IMAGE = pathlib.Path(os.environ['TEST_TARGET_IMAGE'])
CODE = pathlib.Path(os.environ['TEST_TARGET_CODE']).read_text()

EXACT = f'Here it is:\n```svg\n{CODE}\n```'
ROUGH = '```svg\n<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><circle r="200"/></svg>\n```'
SILENT = 'I cannot draw that.'
BROKEN = '```svg\nnothing\n```'
TRUTH = json.dumps({'task': 'example', 'target': TARGET, 'language': 'svg'})
UNKNOWN = json.dumps({'task': 'example', 'target': '0' * 64, 'language': 'svg'})


def load(folder, name='pentimento_reward'):
    """An adapter, loaded from its path as trainers do, under a name that pickle finds."""
    path = INTEGRATIONS / folder / f'{name}.py'
    spec = importlib.util.spec_from_file_location(f'{folder}_{name}', path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def stub(name, **content):
    """Stands for a module of a trainer that is not installed here."""
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(content)


def scored(*replies):
    """The published terms that the service itself gives."""
    items = [{'id': '0', 'language': 'svg', 'response': reply, 'reference': {'blob': TARGET}} for reply in replies]
    headers = {'content-type': 'application/json'}
    request = urllib.request.Request(f'{SERVICE}/v1/rewards/score', json.dumps({'items': items}).encode(), headers)
    with urllib.request.urlopen(request) as reply:
        return [result['components'] for result in json.load(reply)['results']]


class Gateway:
    """Stands between an adapter and the service: gives scripted answers first, then passes on. Keeps what comes."""

    def __init__(self, *answers, path='/v1/rewards/score'):
        self.answers, self.requests = list(answers), []
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get('content-length', 0)))
                gateway.requests.append((self.command, self.path, json.loads(body or 'null')))
                answer = gateway.answers.pop(0) if gateway.answers else pass_on
                answer(self, body)

            do_GET = do_DELETE = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}{path}'

    @property
    def batches(self):
        """The items of each request for rewards."""
        return [body['items'] for _method, _path, body in self.requests]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def answer(handler, status, body, **headers):
    handler.send_response(status)
    for name, value in {'content-length': str(len(body)), **headers}.items():
        handler.send_header(name.replace('_', '-'), value)
    handler.end_headers()
    handler.wfile.write(body)


def pass_on(handler, body):
    answer(handler, *sent_on(handler, body))


def sent_on(handler, body):
    """The service's status and body for the request."""
    headers = {'content-type': 'application/json'} if body else {}
    request = urllib.request.Request(SERVICE + handler.path, body or None, headers, method=handler.command)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def refuses(status, detail='', **headers):
    return lambda handler, _body: answer(handler, status, detail.encode(), **headers)


def unavailable(handler, body):
    """Every item is unavailable, as where a renderer has just died."""
    result = {'status': 'unavailable', 'components': {'overall': None}, 'error': {'message': 'The renderer is down.'}}
    answer(handler, 200, json.dumps({'results': [result] * len(json.loads(body)['items'])}).encode())


def drops(handler, _body):
    handler.connection.close()


def cuts(handler, _body):
    handler.send_response(200)
    handler.send_header('content-length', '1000')
    handler.end_headers()
    handler.wfile.write(b'{"results": [')


def loses(handler, body):
    """The service takes the request, and its answer is lost on the way."""
    sent_on(handler, body)
    handler.connection.close()
