import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** First and last character of a range, inclusive. */
export type Range = readonly [first: number, last: number];

/** The `head` table of a font's file (OpenType 1.9), of the first font of a collection, and the file's size: they change with any of its bytes. */
export function headOf(path: string): Buffer {
  return withFile(path, (read, size) => Buffer.concat([Buffer.from(`${size} `), tableOf(read, 'head', 54)]));
}

const maxTable = 4 * 1024 * 1024;

/**
 * The characters for which a font, the first of a collection, has glyphs: each subtable of its `cmap` (OpenType 1.9) in the formats 4 and 12,
 * in order.
 */
export function charactersOf(path: string): Range[][] {
  return withFile(path, (read) => {
    const table = tableOf(read, 'cmap', maxTable);
    const offsets = Array.from({ length: table.length < 4 ? 0 : table.readUInt16BE(2) }, (_, index) =>
      table.readUInt32BE(8 + 8 * index),
    );
    return [...new Set(offsets)].flatMap((at) => {
      const format = table.readUInt16BE(at);
      return format === 12 ? [groupsOf(table, at)] : format === 4 ? [segmentsOf(table, at)] : [];
    });
  });
}

function groupsOf(table: Buffer, at: number): Range[] {
  return Array.from({ length: table.readUInt32BE(at + 12) }, (_, index): Range => {
    const group = at + 16 + 12 * index;
    return [table.readUInt32BE(group), table.readUInt32BE(group + 4)];
  });
}

/** Segments may have holes without glyphs, which do not matter where another table or font is asked too. */
function segmentsOf(table: Buffer, at: number): Range[] {
  const count = table.readUInt16BE(at + 6) / 2;
  return Array.from({ length: count }, (_, index): Range => {
    const last = table.readUInt16BE(at + 14 + 2 * index);
    return [table.readUInt16BE(at + 16 + 2 * (count + index)), last];
  }).filter(([first]) => first !== 0xffff);
}

type Read = (at: number, length: number) => Buffer;

/** A table's bytes, at most `max`; none where the file is no font or lacks it. */
function tableOf(read: Read, name: string, max: number): Buffer {
  const start = read(0, 16);
  const font = start.toString('latin1', 0, 4) === 'ttcf' ? start.readUInt32BE(12) : 0;
  const count = read(font, 12).readUInt16BE(4);
  const records = read(font + 12, 16 * count);
  for (let at = 0; at + 16 <= records.length; at += 16) {
    if (records.toString('latin1', at, at + 4) !== name) continue;
    return read(records.readUInt32BE(at + 8), Math.min(max, records.readUInt32BE(at + 12)));
  }
  return Buffer.alloc(0);
}

function withFile<T>(path: string, work: (read: Read, size: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return work((at, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, at));
    }, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}
