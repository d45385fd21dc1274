/**
 * The reward's resampler compared with Pillow's C and the plain steps in TypeScript: node bench/resize.ts
 *
 * All three take turns on one core and give the same bytes; what counts is the thread's processor time, which other work on
 * the machine hardly changes. Needs Python with Pillow, /usr/bin/python3 unless PENTIMENTO_PYTHON names another.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { resizeBicubic, type RgbImage, tilesOf } from '../libs/imaging/src/index.ts';
import { hasPillow } from '../test/golden/pillow.ts';
import { plainResize } from '../libs/imaging/src/testing/plain-resize.ts';

const rounds = 9;
const core = '0';
const cases = [
  { from: [640, 480], to: [1792, 1344] },
  { from: [1280, 2400], to: [896, 1792] },
  { from: [5000, 3500], to: [1344, 896] },
] as const;

/** Answers each "width height toWidth toHeight" with the ms of the resize, those of all tiles, and the resize's SHA-256. */
const pillowScript = `
import hashlib, sys, time
from PIL import Image

images = {}
def image(width, height):
    if (width, height) not in images:
        row = bytes(i * i * 7 >> 3 & 255 for i in range(width * 3))
        images.clear()
        images[width, height] = Image.frombytes("RGB", (width, height), b"".join(bytes(b ^ (y & 255) for b in row) for y in range(height)))
    return images[width, height]

for line in sys.stdin:
    width, height, to_width, to_height = map(int, line.split())
    source = image(width, height)
    started = time.thread_time()
    large = source.resize((to_width, to_height))
    resized = time.thread_time()
    for top in range(0, to_height, 448):
        for left in range(0, to_width, 448):
            large.crop((left, top, left + 448, top + 448)).tobytes()
    source.resize((448, 448)).tobytes()
    tiled = time.thread_time()
    print((resized - started) * 1000, (tiled - started) * 1000, hashlib.sha256(large.tobytes()).hexdigest(), flush=True)
`;

if (!hasPillow())
  throw new Error('Python has no Pillow: install python3-pil, or let PENTIMENTO_PYTHON name one that has.');
keepToOneCore(process.pid);
const pillow = startPillow();
console.log(`ms of processor time, medians of ${rounds} rounds in turn on one core; tiles with crops and thumbnail`);
console.log('size                       ours   Pillow   plain   Pillow/ours  plain/ours   tiles: ours  Pillow');
for (const { from, to } of cases) await compare(from, to);
pillow.stop();

async function compare([width, height]: readonly [number, number], [toWidth, toHeight]: readonly [number, number]) {
  const image = testImage(width, height);
  const size = { width: toWidth, height: toHeight };
  const ours: number[] = [];
  const theirs: number[] = [];
  const plain: number[] = [];
  const ourTiles: number[] = [];
  const theirTiles: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const answer = await pillow.ask([width, height, toWidth, toHeight]);
    theirs.push(answer.resize);
    theirTiles.push(answer.tiles);
    ours.push(timed(() => resizeBicubic(image, size)));
    ourTiles.push(timed(() => tilesOf(image)));
    if (round < 3) plain.push(timed(() => plainResize(image, size)));
    requireEqual(answer.sha256, resizeBicubic(image, size));
  }
  const [mine, pil, ts, myTiles, pilTiles] = [ours, theirs, plain, ourTiles, theirTiles].map(median) as number[];
  console.log(
    `${`${width} x ${height} -> ${toWidth} x ${toHeight}`.padEnd(26)} ${column(mine!)}  ${column(pil!)}  ${column(ts!)}` +
      `  ${column(pil! / mine!)}x     ${column(ts! / mine!)}x        ${column(myTiles!)}  ${column(pilTiles!)}`,
  );
}

function startPillow() {
  const python = process.env.PENTIMENTO_PYTHON ?? '/usr/bin/python3';
  const child = spawn(python, ['-c', pillowScript], { stdio: ['pipe', 'pipe', 'inherit'] });
  keepToOneCore(child.pid!);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(numbers: readonly number[]) {
      child.stdin.write(`${numbers.join(' ')}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('Pillow stopped: see what Python wrote above.');
      const [resize, tiles, sha256] = (value as string).split(' ');
      return { resize: Number(resize), tiles: Number(tiles), sha256: sha256! };
    },
    stop: () => child.stdin.end(),
  };
}

/** Without taskset the two may run on different cores, which changes little. */
function keepToOneCore(pid: number): void {
  try {
    execFileSync('taskset', ['-a', '-p', '-c', core, String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('taskset is not there: the cores are not bound.');
  }
}

/** A noisy test image. */
function testImage(width: number, height: number): RgbImage {
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < pixels.length; index++) {
    const at = index % (width * 3);
    pixels[index] = (Math.floor((at * at * 7) / 8) & 255) ^ (Math.floor(index / (width * 3)) & 255);
  }
  return { width, height, pixels };
}

function requireEqual(sha256: string, { pixels }: RgbImage): void {
  if (createHash('sha256').update(pixels).digest('hex') !== sha256)
    throw new Error('The bytes differ from those of Pillow.');
}

function timed(work: () => unknown): number {
  const { user, system } = process.threadCpuUsage();
  work();
  const spent = process.threadCpuUsage({ user, system });
  return (spent.user + spent.system) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function column(value: number): string {
  return value.toFixed(1).padStart(6);
}
