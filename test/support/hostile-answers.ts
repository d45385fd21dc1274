/** Python that writes the answer of its render process itself: a head and its content, where the process would have written its own. */
const answering = (head: string, content: string): string => `import json, os, stat, struct, zlib

def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

def png(rows):
    header = chunk(b'IHDR', struct.pack('>IIBBBBB', 250, 250, 8, 2, 0, 0, 0))
    return b'\\x89PNG\\r\\n\\x1a\\n' + header + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')

row = b'\\0' + bytes(range(1, 251)) * 3
head = ${head}
content = ${content}
for number in range(3, 128):
    try:
        found = os.fstat(number)
    except OSError:
        continue
    if stat.S_ISREG(found.st_mode) and found.st_size == 0:
        try:
            view = memoryview(struct.pack('>I', len(head)) + head + content)
            while view:
                view = view[os.write(number, view):]
            os._exit(0)
        except OSError:
            pass
`;

const headOf = (fields: string): string =>
  `json.dumps({'status': 'ok', 'width': 250, 'height': 250, 'remarks': [], ${fields}}).encode()`;

/** A PNG whose tenth row has a filter that does not exist. */
export const badRow = answering(headOf("'form': 'png'"), "png(row * 8 + b'\\x09' + row[1:] + row * 241)");
/** Thirty megabytes of brackets in place of the head. */
export const deepHead = answering("b'[' * 15_000_000 + b']' * 15_000_000", "b''");
/** As many brackets as a head may have. */
export const nestedHead = answering("b'[' * 500_000 + b']' * 500_000", "b''");
/** As many remarks as a head may have. */
export const manyRemarks = answering(
  "json.dumps({'status': 'ok', 'form': 'png', 'remarks': ['x'] * 200_000}).encode()",
  "b''",
);
/** An SVG of seven and a half million elements. */
export const manyElements = answering(headOf("'form': 'svg'"), "b'<svg>' + b'<a/>' * 7_500_000");
/** The longest SVG that is rendered. */
export const longSvg = answering(headOf("'form': 'svg'"), "b'<svg>' + b'<a/>' * 1_000_000");
/** A PNG of a million parts. */
export const manyParts = answering(headOf("'form': 'png'"), "png(row * 250)[:33] + chunk(b'tEXt', b'') * 1_000_000");
/** A figure of Plotly that is longer than any that is rendered. */
export const longFigure = answering(headOf("'form': 'plotly'"), "'é'.encode() * 7_000_000");
/** The longest figure that is rendered, which is none. */
export const wrongFigure = answering(headOf("'form': 'plotly'"), "b'[' * 12_000_000");
