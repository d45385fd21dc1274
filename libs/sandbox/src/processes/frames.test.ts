import { expect, it } from 'vitest';
import { FrameReader, writeFrame } from './frames.ts';

const text = (frames: Uint8Array[]): string[] => frames.map((frame) => Buffer.from(frame).toString());

it('reads frames wherever the chunks are cut', () => {
  const stream = Buffer.concat(['first', '', 'third'].map((part) => writeFrame(Buffer.from(part))));
  for (const step of [1, 2, 3, 5, 7, 100]) {
    const reader = new FrameReader(10);
    const frames: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += step) frames.push(...reader.push(stream.subarray(at, at + step)));
    expect(text(frames)).toEqual(['first', '', 'third']);
  }
});

it('refuses a frame whose length exceeds the limit, before its bytes arrive', () => {
  expect(() => new FrameReader(10).push(Buffer.from([0, 0, 0, 11]))).toThrow(RangeError);
});
