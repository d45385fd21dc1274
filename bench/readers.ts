/** The longest times of the readers of foreign text, each at the longest text that it may get, with the text that takes longest. Takes a pattern of their names. */
import { timeReader } from '../test/support/reader-time.ts';
import { readers } from '../test/support/readers.ts';

const only = new RegExp(process.argv[2] ?? '');

for (const { name, maxLength, read, texts, elsewhere } of readers.filter(({ name }) => only.test(name))) {
  const times = Object.entries(texts).map(([text, make]) => ({ text, ...timeReader(read, make, maxLength) }));
  const [{ text, ms, growth }] = times.sort((a, b) => b.ms - a.ms) as [(typeof times)[0]];
  const remark = elsewhere ? ', not on the event loop' : '';
  console.log(
    `${name}: ${ms.toFixed(1)} ms for ${maxLength} characters (${text}), ${growth.toFixed(1)} x linear${remark}`,
  );
}
