import { crc32, deflateSync } from 'node:zlib';
import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { attacking, reached } from './hostile-source.ts';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const end = chunk('IEND', Buffer.alloc(0));

function chunk(type: string, data: Buffer, checksum?: number): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + data.length + 4);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(checksum ?? crc32(body), frame.length - 4);
  return frame;
}

function header(width: number, height: number, [depth, color, interlace] = [8, 2, 0]): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth!, color!, 0, 0, interlace!], 8);
  return chunk('IHDR', data);
}

const png = (...chunks: Buffer[]): Buffer => Buffer.concat([signature, ...chunks]);
const pixels = (width: number, height: number): Buffer =>
  chunk(
    'IDAT',
    deflateSync(
      Buffer.from(Array.from({ length: (width * 3 + 1) * height }, (_, i) => (i % (width * 3 + 1) ? i % 250 : 0))),
    ),
  );
const good = png(header(20, 10), pixels(20, 10), end);
const gigantic = png(header(0x7fffffff, 0x7fffffff), pixels(20, 10), end);

const refusedImage = { empty: /^The code ran to its end[^\n]*\nNot an image: / };
const accepted = { ok: reached };
const failing = (message: RegExp): HostileProgram['endings'] => ({ runtime: message });

/** Bytes that a program hands over as its picture, none of which may bring the reader down or be believed. */
const images: Record<string, [Buffer, HostileProgram['endings']]> = {
  'no bytes': [Buffer.alloc(0), refusedImage],
  'no picture': [Buffer.from('<script>alert(1)</script>'), refusedImage],
  'a signature alone': [signature, refusedImage],
  'a header alone': [png(header(20, 10)), refusedImage],
  'a header that lies about the size': [png(header(4000, 4000), pixels(20, 10), end), refusedImage],
  'gigantic dimensions': [gigantic, failing(/^PIL\.Image\.DecompressionBombError/)],
  'no dimensions': [png(header(0, 0), pixels(20, 10), end), refusedImage],
  'negative dimensions': [
    png(header(0xffffffff, 0xffffffff), pixels(20, 10), end),
    failing(/^PIL\.Image\.DecompressionBombError/),
  ],
  'pixels that unpack to a gigabyte': [
    png(header(20, 10), chunk('IDAT', deflateSync(Buffer.alloc(64_000_000))), end),
    { ok: /^The image is one single color\.[\s\S]*REACHED/ },
  ],
  'a bomb within its size': [
    png(header(6000, 6000), chunk('IDAT', deflateSync(Buffer.alloc(100_000_000))), end),
    refusedImage,
  ],
  'pixels that do not unpack': [png(header(20, 10), chunk('IDAT', Buffer.alloc(500, 7)), end), refusedImage],
  'cut off': [good.subarray(0, good.length - 20), accepted],
  'a chunk longer than the file': [
    png(header(20, 10), Buffer.from('ffffffff49444154', 'hex'), end),
    { memory: /^MemoryError/ },
  ],
  'a wrong checksum': [png(header(20, 10), chunk('IDAT', Buffer.alloc(9), 1), end), refusedImage],
  'two headers': [png(header(20, 10), header(9000, 9000), pixels(20, 10), end), refusedImage],
  'a header out of place': [png(pixels(20, 10), header(20, 10), end), refusedImage],
  'an animation': [
    png(header(20, 10), chunk('acTL', Buffer.from('ffffffff00000000', 'hex')), pixels(20, 10), end),
    accepted,
  ],
  'a text bomb': [
    png(
      header(20, 10),
      chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(50_000_000))])),
      pixels(20, 10),
      end,
    ),
    failing(/^ValueError: Decompressed Data Too Large/),
  ],
  'a profile bomb': [
    png(
      header(20, 10),
      chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(50_000_000))])),
      pixels(20, 10),
      end,
    ),
    failing(/^ValueError: Decompressed Data Too Large/),
  ],
  'a page after its end': [Buffer.concat([good, Buffer.from('<html><script>alert("ESCAPED")</script>')]), accepted],
  'sixteen bits, interlaced': [png(header(20, 10, [16, 6, 1]), pixels(20, 10), end), refusedImage],
  'an unknown pixel format': [png(header(20, 10, [3, 9, 7]), pixels(20, 10), end), refusedImage],
  'a million empty chunks': [
    png(header(20, 10), ...Array.from({ length: 100_000 }, () => chunk('tEXt', Buffer.alloc(0))), end),
    refusedImage,
  ],
  'a JPEG by its name': [Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'), refusedImage],
  'a drawing that reads files': [
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'),
    refusedImage,
  ],
  'a script for ImageMagick': [
    Buffer.from('push graphic-context\nimage over 0,0 0,0 "https://127.0.0.1/x"\npop graphic-context'),
    refusedImage,
  ],
};

const handedOver = ([bytes, endings]: [Buffer, HostileProgram['endings']]): HostileProgram =>
  attacking(
    `import base64
content = base64.b64decode('${bytes.toString('base64')}')
with open('chart.png', 'wb') as file: file.write(content)
reached()`,
    endings,
  );

export const pythonImages: MakeHostilePrograms = () => ({
  ...Object.fromEntries(Object.entries(images).map(([name, image]) => [`as its picture, ${name}`, handedOver(image)])),
  'as its picture, whatever the library is made to write': attacking(
    `import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
bomb = ${JSON.stringify(gigantic.toString('hex'))}
def print_png(self, file, *a, **k):
    if hasattr(file, 'write'): file.write(bytes.fromhex(bomb))
    else: open(file, 'wb').write(bytes.fromhex(bomb))
FigureCanvasAgg.print_png = print_png
plt.plot([1, 2])
plt.savefig('chart.png')`,
    failing(/^PIL\.Image\.DecompressionBombError/),
  ),
});
