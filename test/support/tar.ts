/** The files of a tar (POSIX ustar): a block of 512 bytes that describes each, then its content in blocks. */
export function tarEntries(archive: Buffer): [name: string, content: Buffer][] {
  const entries: [string, Buffer][] = [];
  for (let at = 0; archive[at];) {
    const text = (start: number, length: number) =>
      archive.toString('utf8', at + start, at + start + length).replace(/\0.*$/s, '');
    const [name, size, prefix] = [text(0, 100), Number.parseInt(text(124, 12), 8), text(345, 155)];
    entries.push([prefix ? `${prefix}/${name}` : name, archive.subarray(at + 512, at + 512 + size)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}
