import { maxRenderMessageBytes, type RenderFailureKind, type RenderResult } from '@pentimento/contracts';

type OmitFromEach<T, Key extends string> = T extends unknown ? Omit<T, Key> : never;

/** The result of a render without its renderer and its time. */
export type Outcome = Rendered | Failure;

type Result = OmitFromEach<RenderResult, 'renderer' | 'ms'>;
export type Rendered = Extract<Result, { status: 'ok' }>;
export type Failure = Extract<Result, { status: 'failed' }> & {
  /** The render of kind `empty`, where its only fault is its single color. An engine may have another try; then it counts as it is. */
  singleColor?: Rendered;
};

/** @param message a sentence for the model that must repair the code; cut to 2 KB. */
export const failed = (kind: RenderFailureKind, message: string): Failure => ({
  status: 'failed',
  kind,
  message: shorten(message),
});

export const failedBySingleColor = (rendered: Rendered): Failure => ({
  ...failed('empty', `The image is one single color.${rendered.log && `\n${rendered.log}`}`),
  singleColor: rendered,
});

const maxQuotedLog = 1000;

/** The failure of code that was stopped: the message, and the end of what the code had printed until then. */
export function stopped(kind: RenderFailureKind, message: string, log: string): Outcome {
  const end = shorten(log.slice(-maxQuotedLog));
  return failed(kind, end ? `${message}\nIts log until then:\n${end}` : message);
}

/** The text in at most `maxBytes` of UTF-8, cut between characters, without control characters. */
export function shorten(text: string, maxBytes = maxRenderMessageBytes): string {
  const clean = text
    .slice(0, maxBytes)
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
    .trim();
  const bytes = Buffer.from(clean, 'utf8');
  if (bytes.length <= maxBytes && text.length <= maxBytes) return clean;
  const ellipsis = '…';
  let end = Math.min(bytes.length, maxBytes - Buffer.byteLength(ellipsis));
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString('utf8') + ellipsis;
}
