export interface FencedBlock {
  /** The info string after the opening fence, lower case, first word only. */
  info: string;
  body: string;
}

/**
 * The closed fenced blocks of a reply in order (CommonMark section 4.5, backticks only).
 * A block that the reply never closes is left out: a cut-off reply has no usable code.
 */
export function fencedBlocks(reply: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: { ticks: number; info: string; lines: string[] } | undefined;
  for (const line of reply.split(/\r?\n/)) {
    const fence = /^ {0,3}(`{3,})([^`]*)$/.exec(line);
    if (!open) {
      if (fence) open = { ticks: fence[1]!.length, info: firstWord(fence[2]!), lines: [] };
    } else if (fence && fence[1]!.length >= open.ticks && fence[2]!.trim() === '') {
      blocks.push({ info: open.info, body: open.lines.join('\n') });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  return blocks;
}

/** The bodies of the closed fenced blocks that any of a language's fence names opens, in order. */
export function blocksOfLanguage(reply: string, fenceNames: readonly string[]): string[] {
  return fencedBlocks(reply)
    .filter((block) => fenceNames.includes(block.info))
    .map((block) => block.body);
}

/**
 * Language alignment of a reply: 1 where it holds a fenced block of the language with these fence names, else 0
 * (VinciCoder, examples/reward_function/vincicoder.py; the job names the language here).
 */
export function alignmentOf(reply: string, fenceNames: readonly string[]): 0 | 1 {
  return blocksOfLanguage(reply, fenceNames).length > 0 ? 1 : 0;
}

/** A fence long enough to hold `body` whatever backticks it contains. */
export function fence(body: string, info: string): string {
  const ticks = longestRun(body).padEnd(2, '`') + '`';
  return `${ticks}${info}\n${body}\n${ticks}`;
}

function longestRun(body: string): string {
  let longest = '';
  for (const [run] of body.matchAll(/`+/g)) if (run.length > longest.length) longest = run;
  return longest;
}

function firstWord(info: string): string {
  return (info.trim().split(/\s+/)[0] ?? '').toLowerCase();
}
