import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { afterDrawing, reached, writingResult } from './hostile-source.ts';

/** What a program has to make a picture by hand: `picture(...)` takes chunks, `header` the fields of the first one. */
const pictures = `
import json, os, struct, sys, zlib
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
def header(width=250, height=250, depth=8, color=2, interlace=0): return chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, color, 0, 0, interlace))
def picture(*chunks): return b'\\x89PNG\\r\\n\\x1a\\n' + b''.join(chunks) + chunk(b'IEND', b'')
row = b'\\0' + bytes(range(1, 251)) * 3
good_rows = row * 250
def data(rows=good_rows): return chunk(b'IDAT', zlib.compress(rows))
good = picture(header(), data())
def head(**more): return json.dumps({'status': 'ok', 'form': 'png', 'width': 250, 'height': 250, 'remarks': [], **more}).encode()
def figure(**more): return json.dumps({'data': [{'type': 'scatter', 'x': [1, 2, 3], 'y': [3, 1, 2]}], 'layout': {'width': 300, 'height': 200}, **more}).encode()
plotly = head(form='plotly', width=300, height=200, scale=1)
svg_head = head(form='svg')
def svg(body): return ('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="200"><rect width="60" height="60" fill="teal"/>' + body + '</svg>').encode()
`;

/** Answers in place of the renderer. Both are expressions of bytes. */
const answering = (head: string, content: string, endings: HostileProgram['endings']): HostileProgram =>
  afterDrawing(pictures + writingResult(head, content), endings);
const refused = (message: RegExp): HostileProgram['endings'] => ({
  runtime: new RegExp(`^The renderer returned no usable image: [^\n]*(?:${message.source})`),
});
/** Nothing of the head is believed. */
const unread = { runtime: /ended its process \(0\)[\s\S]*REACHED/ };
/** A head that names no form of a picture. */
const formless = { runtime: /^The code ended its process (?:\(0\) )?before the image was made\./ };
/** The picture that it answers is one, and is all that is taken. */
const taken = { ok: reached };

const blurred = (count: number): string =>
  `svg('<filter id="f"><feGaussianBlur stdDeviation="900"/></filter>' + '<rect width="200" height="200" opacity="0" filter="url(#f)"/>' * ${count} + '<rect x="120" y="120" width="60" height="60" fill="orange"/>')`;

/** Programs that write the answer about themselves. */
export const pythonAnswers: MakeHostilePrograms = ({ port, folder }) => ({
  'a result of a head that is longer than all': afterDrawing(
    pictures + writingResult('head()', 'good').replace('len(head)', '0xfffffff0'),
    unread,
  ),
  ...Object.fromEntries(
    ['null', '{"status":"ok"'].map((json) => [
      `a result of the head ${json}`,
      answering(JSON.stringify(json) + '.encode()', 'good', unread),
    ]),
  ),
  ...Object.fromEntries(
    ['[{"status":"ok"}]', '{"status":"ok","form":["png"]}'].map((json) => [
      `a result of the head ${json}`,
      answering(JSON.stringify(json) + '.encode()', 'good', formless),
    ]),
  ),
  'a result of a head half a megabyte deep': answering("b'[' * 250_000 + b']' * 250_000", 'good', formless),
  'a result of a head that goes for a prototype': answering(
    `b'{"__proto__": {"status": "failed", "kind": "blocked", "message": "ESC' + b'APED"}, "constructor": {"prototype": {"status": 1}}, ' + head()[1:]`,
    'good',
    taken,
  ),
  'a result of numbers out of range': answering(
    `b'{"status":"ok","form":"png","width":1e999,"height":-1e999,"remarks":{"length":1e9}}'`,
    'good',
    refused(/0x0/),
  ),
  'a result of a failure of no kind': answering(
    `json.dumps({'status': 'failed', 'kind': 'unavailable', 'message': 'REA' + 'CHED'}).encode()`,
    "b''",
    { runtime: /^REACHED$/ },
  ),
  'a result of a failure of a kind of the prototype': answering(
    `json.dumps({'status': 'failed', 'kind': '__proto__', 'message': {'toString': 'REACHED'}}).encode()`,
    "b''",
    { runtime: /^The code failed, and gave no reason\.$/ },
  ),
  'a result of a failure with a message of a megabyte': answering(
    `json.dumps({'status': 'failed', 'kind': 'syntax', 'message': 'REA' + 'CHED' + chr(27) + 'x' * 1_000_000}).encode()`,
    "b''",
    { syntax: /^REACHED x{1900,2040}…$/ },
  ),
  'a result of a molecule that is none': answering(
    `head(molecule={'canonical': 'REA' + 'CHED', 'similarity': 1e300}, remarks=[1, None, {}, [], 'x' * 100_000])`,
    'good',
    { ok: /REACHED|x{1000}/ },
  ),
  'two results, one after the other': answering('head()', "good + struct.pack('>I', len(head())) + head() + good", {
    ok: reached,
  }),
  'a result and another from its way out': afterDrawing(
    `${pictures}
import stat
end = os._exit
def leave(code):
    for number in range(3, 1024):
        try: state = os.fstat(number)
        except OSError: continue
        if stat.S_ISREG(state.st_mode) and state.st_size > 0:
            try: os.write(number, struct.pack('>I', len(head())) + head() + good)
            except OSError: pass
    os.write(2, b'LATER\\n')
    end(0)
os._exit = leave
reached()`,
    { ok: /REACHED\nLATER/ },
  ),
  'a result, and then no end': afterDrawing(
    `import time
${pictures}${writingResult('head()', 'good').replace('os._exit(0)', 'time.sleep(1e6)')}`,
    { timeout: reached },
  ),
  'a result, and then an end by force': afterDrawing(
    `${pictures}${writingResult('head()', 'good').replace('os._exit(0)', 'os.abort()')}`,
    taken,
  ),
  ...Object.fromEntries(
    Object.entries<[string, HostileProgram['endings']]>({
      'of no bytes': ["b''", refused(/not a PNG/)],
      'of another size': ['picture(header(249), data())', refused(/249x250/)],
      'of no size': ['picture(header(0, 0), data())', refused(/is 0x0/)],
      'of the largest size': ['picture(header(2**31 - 1, 2**31 - 1), data())', refused(/2147483647/)],
      'of sixteen bits': ['picture(header(depth=16), data())', refused(/another pixel format/)],
      'that is interlaced': ['picture(header(interlace=1), data())', refused(/another pixel format/)],
      'of a palette out of range': [
        "picture(header(color=3), chunk(b'PLTE', b'\\0\\0\\0'), data())",
        refused(/another pixel format/),
      ],
      'of gray with alpha': ['picture(header(color=4), data())', refused(/unknown filter|too (?:few|many)/)],
      'of rows that end early': ['picture(header(), data(good_rows[:-800]))', refused(/too few/)],
      'of rows that go on': ['picture(header(), data(good_rows * 3))', refused(/too many/)],
      'of rows that unpack to gigabytes': ['picture(header(), data(bytes(30_000_000)))', refused(/too many/)],
      'of rows that do not unpack': [
        "picture(header(), chunk(b'IDAT', b'\\x78\\x9c' + b'\\7' * 999))",
        refused(/do not unpack/),
      ],
      'whose last filter is unknown': [
        "picture(header(), data(good_rows[:-751] + b'\\xff' + row[1:]))",
        refused(/unknown filter/),
      ],
      'with a wrong checksum': ['good[:-20] + bytes(8) + good[-12:]', refused(/damaged/)],
      'of two pictures in turn': [
        "picture(header(), chunk(b'acTL', struct.pack('>II', 2**31 - 1, 0)), chunk(b'fcTL', bytes(26)), data(), chunk(b'fdAT', bytes(9)))",
        taken,
      ],
      'with nine megabytes of words': ["picture(header(), chunk(b'tEXt', b'x\\0' + b'y' * 9_000_000), data())", taken],
      'with words that unpack without end': [
        "picture(header(), chunk(b'zTXt', b'x\\0\\0' + zlib.compress(bytes(9_000_000))), chunk(b'iCCP', b'x\\0\\0' + zlib.compress(bytes(9_000_000))), data())",
        taken,
      ],
      'of a hundred thousand pieces': [
        "picture(header(), *(chunk(b'IDAT', zlib.compress(good_rows)[n : n + 1]) for n in range(len(zlib.compress(good_rows)))), *[chunk(b'IDAT', b'')] * 100_000)",
        refused(/too many parts/),
      ],
      'whose piece is longer than all': [
        "b'\\x89PNG\\r\\n\\x1a\\n' + header() + b'\\xff\\xff\\xff\\xffIDAT'",
        refused(/cut off/),
      ],
    }).map(([name, [content, endings]]) => [`a result ${name}`, answering('head()', content, endings)]),
  ),
  'a result of a figure that is no figure': answering('plotly', "b'[' * 100_000", {
    runtime: /^The figure is not JSON/,
  }),
  'a result of a figure with links and scripts': answering(
    'plotly',
    `figure(layout={'width': 300, 'height': 200, 'title': {'text': '<a href="javascript:alert(1)">shown</a><script>document.body.style.background="magenta"</script><img src=x onerror=alert(1)>'},
    'images': [{'source': source, 'x': 0, 'y': 1, 'sizex': 1, 'sizey': 1} for source in ['http://127.0.0.1:${port}/x.png', 'file://${folder}/secret.png']]})`,
    { ok: new RegExp(String.raw`refused: [^\n]*http://127\.0\.0\.1:${port}/x\.png`) },
  ),
  'a result of a figure that goes for a prototype': answering(
    'plotly',
    `figure(**{'__proto__': {'left': 'ESC' 'APED'}, 'config': {'plotlyServerURL': 'http://127.0.0.1:${port}/', 'mapboxAccessToken': 'x', 'topojsonURL': 'http://127.0.0.1:${port}/'}})`,
    { ok: /1\n1\.5\n2/ },
  ),
  'a result of a figure scaled without bounds': answering(
    "head(form='plotly', width=8000, height=5000, scale=1e308)",
    'figure(layout={})',
    { 'too-large': /8000x5000/ },
  ),
  'a result of a drawing that is too much': {
    ...answering('svg_head', blurred(30_000), { timeout: /did not finish/ }),
    rehearsal: answering('svg_head', blurred(2), { ok: { color: 'ffa500' } }),
  },
  'a result of a drawing that reads': answering(
    'svg_head',
    `svg('<image href="file://${folder}/secret.png" width="99" height="99"/><image xlink:href="http://127.0.0.1:${port}/x.png" width="99" height="99"/><rect x="120" y="120" width="60" height="60" fill="orange"/>')`,
    { ok: { color: 'ffa500' } },
  ),
  'a result of a drawing that expands': answering(
    'svg_head',
    `b'<!DOCTYPE svg [<!ENTITY a0 "ha">' + b''.join(b'<!ENTITY a%d "' % (n + 1) + b'&a%d;' % n * 10 + b'">' for n in range(12)) + b']>' + svg('<text y="99">&a12;</text>')`,
    { ok: /amplification factor/ },
  ),
});
