const mebibyte = 1024 ** 2;

/** For example "0.4 MB". */
export const formatBytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MB`;

/** For example "2 jobs, 1 blob, 0.4 MB". */
export function formatStored({ bytes, ...counts }: { bytes: number; jobs?: number; blobs?: number; files?: number }) {
  const words = Object.entries(counts).map(
    ([things, count]) => `${count} ${count === 1 ? things.slice(0, -1) : things}`,
  );
  return [...words, formatBytes(bytes)].join(', ');
}
