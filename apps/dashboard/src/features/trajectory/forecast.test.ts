import { expect, it } from 'vitest';
import { forecastSentence } from './forecast.ts';

it.each([
  [
    { gain: 0.004, low: 0, high: 0.012, jobs: 23, own: 0 },
    'Another iteration is expected to bring +0.004 (±0.000 to +0.012), by 23 past jobs of this model and language.',
  ],
  [
    { gain: 0.01, low: null, high: null, jobs: 1, own: 3 },
    'Another iteration is expected to bring +0.010, by 1 past job of this model and language and the last 3 gains of this job.',
  ],
  [
    { gain: 0, low: null, high: null, jobs: 0, own: 1 },
    'Another iteration is expected to bring ±0.000, by the last gain of this job.',
  ],
])('says what a forecast of %o rests on', (forecast, sentence) => {
  expect(forecastSentence(forecast)).toBe(sentence);
});
