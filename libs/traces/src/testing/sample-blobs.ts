import type { Prompt } from '@pentimento/contracts';
import type { ReadBlob } from '../export/source.ts';
import { blobOf, readSampleBlob } from './traces.ts';

/** The sample blobs, with other texts for those of these names, e.g. "reply 0/0 1". */
export function withTexts(texts: Readonly<Record<string, string>>): { readBlob: ReadBlob } {
  const changed = new Map(Object.entries(texts).map(([name, text]) => [blobOf(name), new TextEncoder().encode(text)]));
  return { readBlob: (id) => (changed.has(id) ? Promise.resolve(changed.get(id)!) : readSampleBlob(id)) };
}

/** A prompt that shows the target and asks with this text. */
export function promptWith(text: string): string {
  const prompt: Prompt = {
    instructions: 'You write code that reproduces a target image.',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', image: blobOf('target 1'), mediaType: 'image/png', width: 64, height: 48 },
          { type: 'text', text },
        ],
      },
    ],
  };
  return JSON.stringify(prompt);
}
