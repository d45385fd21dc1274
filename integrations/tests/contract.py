"""What holds of every adapter. A subclass names the module, and how a trainer calls it."""
import types

from support import BROKEN, EXACT, ROUGH, SILENT, TRUTH, UNKNOWN, Gateway, cuts, drops, refuses, scored, unavailable


class AdapterContract:
    module = None
    batches = True

    def rewards(self, replies, truths=None):
        """The scores of the replies; raises or gives None as the adapter does where there is none."""
        raise NotImplementedError

    def assert_failed(self, reply, truth=TRUTH):
        """The adapter gives no number for the reply."""
        raise NotImplementedError

    def setUp(self):
        self.waits = []
        self.url, self.time, self.max_bytes = self.module.URL, self.module.time, self.module.MAX_BYTES
        self.module.time = types.SimpleNamespace(sleep=self.waits.append)

    def tearDown(self):
        self.module.URL, self.module.time, self.module.MAX_BYTES = self.url, self.time, self.max_bytes

    def behind(self, *answers):
        gateway = Gateway(*answers)
        self.module.URL = gateway.url
        return gateway

    def test_gives_what_the_service_gives_in_order(self):
        replies = [EXACT, ROUGH, SILENT, BROKEN, ROUGH]
        expected = [terms['overall'] for terms in scored(*replies)]
        self.assertEqual(self.rewards(replies), expected)
        self.assertGreater(expected[0], expected[1])
        self.assertEqual(expected[2:4], [0, 0.1])

    def test_asks_again_where_the_service_is_busy_failing_or_lost(self):
        with self.behind(refuses(429, retry_after='7'), refuses(503), drops, cuts, refuses(502, retry_after='600')):
            self.assertEqual(self.rewards([ROUGH]), [scored(ROUGH)[0]['overall']])
        self.assertEqual(self.waits, [0, 7, 1, 2, 4, 30])

    def test_asks_again_for_items_that_the_service_could_not_score_yet(self):
        with self.behind(unavailable) as gateway:
            self.assertEqual(self.rewards([ROUGH]), [scored(ROUGH)[0]['overall']])
        self.assertEqual(len(gateway.batches), 2)

    def test_has_no_number_where_the_service_stays_busy(self):
        for answer in (refuses(429, retry_after='1'), drops, unavailable):
            with self.behind(*[answer] * 20) as gateway:
                self.assert_failed(ROUGH)
            self.assertEqual(len(gateway.batches), self.module.ATTEMPTS)

    def test_has_no_number_where_nothing_listens(self):
        self.module.URL = 'http://127.0.0.1:1/v1/rewards/score'
        self.assert_failed(ROUGH)

    def test_raises_what_the_service_says_where_it_refuses(self):
        with self.behind(refuses(403, 'Not from there.')) as gateway:
            self.assertRaisesRegex(RuntimeError, 'Not from there', self.rewards, [ROUGH])
        self.assertEqual(len(gateway.batches), 1)

    def test_has_no_number_for_a_target_that_the_service_does_not_have(self):
        self.assert_failed(ROUGH, UNKNOWN)

    def test_cuts_a_reply_that_is_too_long_to_send(self):
        self.assertEqual(self.rewards(['x' * 3_000_000]), [0])

    def test_splits_a_batch_to_what_the_service_takes(self):
        if not self.batches:
            self.skipTest('one sample a call')
        replies = [SILENT, ROUGH, EXACT] * 200
        by_reply = dict(zip([SILENT, ROUGH, EXACT], scored(SILENT, ROUGH, EXACT)))
        with self.behind() as gateway:
            self.assertEqual(self.rewards(replies), [by_reply[reply]['overall'] for reply in replies])
        self.assertLessEqual(max(map(len, gateway.batches)), 256)
        self.assertEqual(sum(map(len, gateway.batches)), 600)
        self.module.MAX_BYTES = 1000
        with self.behind() as gateway:
            self.rewards([SILENT] * 8)
        self.assertEqual([len(batch) for batch in gateway.batches], [4, 4])

    def test_scores_nothing_without_a_request(self):
        if not self.batches:
            self.skipTest('one sample a call')
        with self.behind() as gateway:
            self.assertEqual(self.rewards([]), [])
        self.assertEqual(gateway.batches, [])
