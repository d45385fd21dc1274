import { describe, expect, it } from 'vitest';
import { isSuperlinear, timeReader } from '../support/reader-time.ts';
import { readers } from '../support/readers.ts';

/** Longest stall of the event loop by one reader, milliseconds of processor time: 50 on a quiet machine. */
const maxStallMs = 100;
/** Of work elsewhere that need not be linear: its bound is the length. */
const maxShortMs = 400;
/** A machine that is busy with other work is measured again. */
const maxMeasurements = 3;

describe.each(readers.map((reader) => ({ ...reader, title: `${reader.name}` })))(
  'the reader of $title',
  ({ read, maxLength, texts, elsewhere }) => {
    it.each(Object.keys(texts))('takes a time that grows with the length of %s', (name) => {
      for (let measurement = 1; ; measurement++) {
        const time = timeReader(read, texts[name]!, maxLength);
        const isFast = elsewhere
          ? time.ms < maxShortMs || !isSuperlinear(time)
          : time.ms < maxStallMs && !isSuperlinear(time);
        if (isFast) return;
        if (measurement === maxMeasurements)
          expect.fail(`${time.ms.toFixed(0)} ms, ${time.growth.toFixed(1)} times linear`);
      }
    });
  },
);
