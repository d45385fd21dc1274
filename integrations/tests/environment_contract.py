"""What holds of every environment adapter. A subclass names the module, and plays an episode as its trainer does."""
import dataclasses
import json
import types
import urllib.request

from support import (
    BROKEN, EXACT, ROUGH, SERVICE, SILENT, TARGET, UNKNOWN, Gateway, cuts, drops, loses, pass_on, refuses,
)

TURNS = 3
TASK = json.dumps({'task': 'example', 'target': TARGET, 'language': 'svg', 'policy': {'maxIterations': TURNS}})
REPLIES = (SILENT, BROKEN, ROUGH)
# The published scores: a reply without code has 0, code that does not render has 0.1.
FIRST_REWARDS = [0, 0.1]


@dataclasses.dataclass
class Played:
    """An episode as its trainer saw it."""

    rewards: 'list | None'
    """What the trainer was given for each turn; None where it is given a reward for the episode alone."""
    final: float
    """The reward of the episode: the best of its turns."""
    images: list
    """How many images the prompt of each turn showed, the target included, the first turn's first."""
    is_done: bool


def get(path):
    with urllib.request.urlopen(SERVICE + path) as reply:
        return json.load(reply)


def sessions_of(gateway):
    """The sessions that were reset, each once, in order."""
    paths = [path for _method, path, _body in gateway.requests if path.endswith('/reset')]
    return list(dict.fromkeys(path.split('/')[3] for path in paths))


def recorded(session):
    """The scores of the newest episode's replies as the service stores them, and its state. The session may be over."""
    jobs = get('/v1/jobs?kind=environment&limit=100')['data']
    [job] = [job for job in jobs if job['episode']['session'] == session][:1]
    candidates = get(f'/v1/jobs/{job["id"]}/candidates')['data']
    return [candidate['reward']['terms']['overall'] for candidate in candidates], job


class EnvironmentContract:
    module = None

    def play(self, replies, truth=TASK):
        """Plays one episode with these replies, to its end; returns Played. Raises what the trainer sees raised."""
        raise NotImplementedError

    def setUp(self):
        self.waits = []
        self.url, self.time = self.module.URL, self.module.time
        self.module.time = types.SimpleNamespace(sleep=self.waits.append)

    def tearDown(self):
        self.module.URL, self.module.time = self.url, self.time

    def behind(self, *answers):
        gateway = Gateway(*answers, path='/v1/environments')
        self.module.URL = gateway.url
        return gateway

    def assert_over(self, session):
        """The session has ended, so that it takes no place."""
        self.assertIn(get(f'/v1/environments/{session}')['status'], ('succeeded', 'canceled'))

    def test_gives_the_rewards_and_images_of_the_service(self):
        with self.behind() as gateway:
            played = self.play(REPLIES)
        [session] = sessions_of(gateway)
        scores, _job = recorded(session)
        self.assertEqual(scores[:2], FIRST_REWARDS)
        self.assertGreater(scores[2], 0.1)
        self.assertIn(played.rewards, (None, scores))
        self.assertEqual((played.final, played.is_done), (max(scores), True))
        self.assertEqual(len(played.images), TURNS)
        self.assertEqual(played.images[0], 1)

    def test_shows_the_render_and_its_patches_in_the_next_prompt(self):
        with self.behind() as gateway:
            played = self.play([ROUGH, ROUGH, ROUGH])
        self.assertGreater(played.images[1], 2)
        self.assertEqual([path.split('/')[-1] for _m, path, _b in gateway.requests if 'step' in path], ['step'] * TURNS)

    def test_ends_where_the_service_does(self):
        with self.behind() as gateway:
            played = self.play([EXACT, ROUGH, ROUGH])
        self.assertTrue(played.is_done)
        self.assertEqual(len(recorded(sessions_of(gateway)[0])[0]), 1)
        self.assertGreater(played.final, 0.99)

    def test_ends_its_session(self):
        with self.behind() as gateway:
            self.play(REPLIES)
        [session] = sessions_of(gateway)
        self.assertEqual(gateway.requests[-1][:2], ('DELETE', f'/v1/environments/{session}'))
        self.assert_over(session)

    def test_asks_again_with_the_same_turn_where_the_service_is_busy_failing_or_lost(self):
        answers = (
            refuses(429, retry_after='7'), refuses(503), pass_on, loses, drops, cuts, refuses(502, retry_after='600'),
        )
        with self.behind(*answers) as gateway:
            played = self.play(REPLIES)
        [session] = sessions_of(gateway)
        scores, job = recorded(session)
        self.assertIn(played.rewards, (None, scores))
        self.assertEqual((len(scores), played.final), (TURNS, max(scores)))
        turns = [body['turn'] for _method, path, body in gateway.requests if path.endswith('/step')]
        self.assertEqual(turns, [0, 0, 0, 0, 0, 1, 2])
        self.assertEqual([wait for wait in self.waits if wait], [7, 1, 0.5, 1, 2, 30])
        self.assertEqual(job['status'], 'succeeded')

    def test_has_no_number_where_the_service_stays_busy(self):
        for answer in (refuses(429, retry_after='1'), drops):
            with self.behind(pass_on, *[answer] * 100) as gateway:
                self.assertRaises(Exception, self.play, REPLIES)
            steps = [path for _method, path, _body in gateway.requests if path.endswith('/step')]
            self.assertEqual(len(steps), self.module.ATTEMPTS)

    def test_has_no_number_where_nothing_listens(self):
        self.module.URL = 'http://127.0.0.1:1/v1/environments'
        self.assertRaises(Exception, self.play, REPLIES)

    def test_raises_what_the_service_says_where_it_refuses(self):
        for first in ((), (pass_on,)):
            with self.behind(*first, refuses(409, 'Turn 0 has another reply already.')) as gateway:
                self.assertRaisesRegex(Exception, 'another reply', self.play, REPLIES)
            self.assertNotIn('step', gateway.requests[0][1])
        self.assertEqual(set(self.waits), {0})

    def test_has_no_number_for_a_target_that_the_service_does_not_have(self):
        self.assertRaises(Exception, self.play, REPLIES, UNKNOWN)
