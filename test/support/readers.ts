import { alignmentOf, fence, fencedBlocks, readGroundTruth, readTask, uploadLimits } from '@pentimento/contracts';
import { parseReply } from '@pentimento/replies';
import { codeOf } from '../../apps/api/src/chat/conversation.ts';
import { bytesOfDataUrl } from '../../apps/api/src/chat/data-url.ts';
import { languageOfBlocks, namedLanguage } from '../../apps/api/src/chat/named-language.ts';
import { replyAfter, splitAtMarker, withoutEndTokens } from '../../apps/api/src/compat/item-text.ts';
import { checkJsonBounds } from '../../apps/api/src/http/json-bounds.ts';
import { applied } from '../../libs/vectorizer/src/edits.ts';
import { nextDetail } from '../../libs/vectorizer/src/writers/groups.ts';
import { writers } from '../../libs/vectorizer/src/writers/index.ts';
import { lowered } from '../../libs/models/src/calls/model-limits.ts';
import { quoteFrom } from '../../libs/models/src/calls/redact.ts';
import { maxSurveyLength, parseSurvey } from '@pentimento/page-survey';
import { network, withoutIntegrity } from '../../libs/render/src/pages/network/network.ts';
import { readPage } from '../../libs/tex-pages/src/page.ts';
import { adviseOn } from '../../libs/mermaid-source/src/advice.ts';
import { withLinesOf } from '../../libs/mermaid-source/src/error-lines.ts';
import { maxTextSize } from '../../libs/render/src/languages/mermaid/mermaid-tool.ts';
import { readSource } from '../../libs/mermaid-source/src/source.ts';
import { languages } from '@pentimento/render/languages';
import { readWholeSvg } from '../../libs/svg-source/src/svg-reading.ts';
import { withSizeAndFont } from '../../libs/svg-source/src/svg-source.ts';
import { asForgivingPage, describeXmlError, readXmlError } from '../../libs/svg-source/src/svg-syntax.ts';
import { renderLimits } from '../../libs/render/src/port/limits.ts';
import { stopped } from '../../libs/render/src/port/outcome.ts';
import { readForkResult } from '../../libs/render/src/zygote/fork-output.ts';
import { textSimilarity } from '../../libs/reward/src/terms/text.ts';
import { readTex } from '../../libs/runtimes/src/tex/document-reading.ts';
import { failureOf, isMathFailure } from '../../libs/runtimes/src/tex/tex-failure.ts';
import { lossesOf, needsAnotherRun, overfullOf } from '../../libs/runtimes/src/tex/tex-log.ts';
import { PageLog } from '../../libs/sandbox/src/browser/page-log.ts';
import {
  anyTexts,
  limitTexts,
  logTexts,
  markerTexts,
  markupTexts,
  mermaidTexts,
  pageTexts,
  replyTexts,
  serverTexts,
  texTexts,
  urlTexts,
  writtenTexts,
} from './hostile-texts.ts';
import type { Reader, TextMaker } from './reader-time.ts';

/** A reader of foreign text, the longest text that it may get, and hostile texts for it. */
export interface ReaderCase {
  name: string;
  maxLength: number;
  read: Reader;
  texts: Readonly<Record<string, TextMaker>>;
  /** Longer work than the event loop may stall for: it is done elsewhere, within a deadline. */
  elsewhere?: true;
}

const kibi = 1024;
const mebi = 1024 * kibi;
/** Of what is read on the event loop and not in a process (`readCode`). */
const shortCode = 64 * kibi;
const { maxCodeLength } = renderLimits;
const maxCode = uploadLimits.codeBytes;

const svg = languages.find(({ id }) => id === 'svg')!;
const { fenceNames } = svg;
const size = { width: 9, height: 9 };
const code = 'a\n'.repeat(maxCode / 2);
const root = { start: 0, end: 5, attributes: {} };
const exit = { end: 'done', signal: null, exit: 1, log: '' } as const;
const report = (text: string) => ({ log: text, terminal: text });
const parse = (reply: string) => parseReply(reply, { language: svg, current: code, finishReason: 'stop' });

const replies: ReaderCase[] = [
  { name: 'fences', maxLength: 4 * mebi, read: fencedBlocks, texts: replyTexts },
  { name: 'alignment', maxLength: 4 * mebi, read: (text) => alignmentOf(text, fenceNames[0]), texts: replyTexts },
  { name: 'replies with their edits', maxLength: 4 * mebi, read: parse, texts: replyTexts },
  { name: 'fences around code', maxLength: maxCode, read: (text) => fence(text, 'svg'), texts: replyTexts },
  {
    name: 'task blocks of prompts',
    maxLength: 2 * mebi,
    read: (text) => readTask(`\`\`\`task\n${text}\n\`\`\``),
    texts: replyTexts,
  },
  { name: 'end tokens', maxLength: 4 * mebi, read: withoutEndTokens, texts: replyTexts },
];

const svgs: ReaderCase[] = ['', '<svg>', '<svg ', '<svg><text>'].flatMap((before) => {
  const read: Reader = (text) => readWholeSvg({ code: before + text, maxTextLength: 65_536 });
  const name = `SVG code after "${before}"`;
  return [
    { name, maxLength: shortCode, read, texts: markupTexts },
    { name: `${name}, long`, maxLength: mebi, read, texts: markupTexts, elsewhere: true as const },
  ];
});

const texs: ReaderCase[] = ['', '\\begin{document}', '\\documentclass{article}'].flatMap((before) => {
  const read: Reader = (text) => readTex({ code: before + text, pages: 'ink' });
  const name = `TeX code after "${before}"`;
  return [
    { name, maxLength: shortCode, read, texts: texTexts },
    { name: `${name}, long`, maxLength: mebi, read, texts: texTexts, elsewhere: true as const },
  ];
});

const logs: ReaderCase[] = [
  {
    name: 'TeX logs',
    maxLength: 8 * mebi,
    read: (text) => [needsAnotherRun(report(text), ''), overfullOf(report(text)), lossesOf(report(text))],
    texts: logTexts,
  },
  {
    name: 'TeX errors',
    maxLength: 8 * mebi,
    read: (text) => [
      failureOf(report(text), { source: '', additions: ['x'.repeat(500)] }),
      isMathFailure(report(text)),
    ],
    texts: logTexts,
  },
  {
    name: 'code around a TeX error',
    maxLength: maxCodeLength,
    read: (source) => failureOf({ log: "! File `x.sty' not found, Missing", terminal: '' }, { source, additions: [] }),
    texts: texTexts,
  },
  {
    name: 'page layouts',
    maxLength: 4 * mebi,
    read: (text) => readPage(`<page width="9" height="9">${text}`),
    texts: pageTexts,
  },
  {
    name: 'logs of stopped code',
    maxLength: 64 * mebi,
    read: (text) => stopped('timeout', 'x', text),
    texts: anyTexts,
  },
  {
    name: 'remarks of Python',
    maxLength: mebi,
    read: (text) => readForkResult({ exit, head: { form: 'png', remarks: text.split('') }, content: new Uint8Array() }),
    texts: { letters: anyTexts['letters']! },
  },
  {
    name: 'page logs',
    maxLength: mebi,
    read: (text) => new PageLog().addException({ exceptionId: 1, text, lineNumber: 1, columnNumber: 1 }),
    texts: anyTexts,
  },
];

const pages: ReaderCase[] = [
  {
    name: 'sizes set in SVG code',
    maxLength: maxCodeLength,
    read: (text) => withSizeAndFont(`<svg>${text}`, root, size),
    texts: markupTexts,
  },
  {
    name: 'SVG code as a page',
    maxLength: maxCodeLength,
    read: (text) => asForgivingPage(`<svg>${text}`, root, size),
    texts: markupTexts,
  },
  {
    name: 'SVG code around an XML error',
    maxLength: maxCodeLength,
    read: (text) => describeXmlError({ line: 1e9, column: 1e9, message: 'x' }, text),
    texts: markupTexts,
  },
  { name: 'XML errors', maxLength: mebi, read: readXmlError, texts: { ...markupTexts, ...logTexts } },
  { name: 'HTML code', maxLength: maxCodeLength, read: withoutIntegrity, texts: markupTexts },
  {
    name: 'HTML code in one tag',
    maxLength: maxCodeLength,
    read: (text) => withoutIntegrity(`<script ${text}>`),
    texts: markupTexts,
  },
  {
    name: 'surveys of pages',
    maxLength: maxSurveyLength,
    read: parseSurvey,
    texts: {
      ...anyTexts,
      'many boxes': (length) => `{"pieces":[],"bitmaps":[${'[0,0,1,1],'.repeat(length / 10 - 4)}[0,0,1,1]]}`,
      'long pieces': (length) => `{"bitmaps":[],"pieces":[["${'a'.repeat(length - 50)}",[0,0,1,1]]]}`,
    },
  },
  { name: 'addresses', maxLength: mebi, read: network, texts: urlTexts },
  {
    name: 'addresses of fonts',
    maxLength: 4000,
    read: (text) => network(`https://fonts.googleapis.com/css2?family=${text}`),
    texts: urlTexts,
  },
];

const mermaids: ReaderCase[] = ['', 'flowchart LR\n', 'mindmap\n', '---\n', 'sequenceDiagram\n'].map((before) => ({
  name: `Mermaid code after "${before.trim()}"`,
  maxLength: maxTextSize,
  read: (text) => {
    const { code } = readSource(before + text);
    adviseOn(code);
    withLinesOf(code, `Parse error on line ${code.length / 4}`);
  },
  texts: mermaidTexts,
}));

const server: ReaderCase[] = [
  {
    name: 'texts that are compared',
    maxLength: 32 * kibi,
    read: (text) => textSimilarity(text, `b${text}`),
    texts: anyTexts,
    elsewhere: true,
  },
  {
    name: 'messages of model servers',
    maxLength: maxCode,
    read: (text) => quoteFrom(text, { secrets: ['secret'], texts: [text.slice(1)] }),
    texts: serverTexts,
  },
  {
    name: 'limits in messages of model servers',
    maxLength: maxCode,
    read: (text) => lowered({ images: Infinity, contextTokens: Infinity }, text, { instructions: '', messages: [] }),
    texts: { ...serverTexts, ...limitTexts },
  },
  {
    name: 'prompts that a message may repeat',
    maxLength: maxCode,
    read: (text) => quoteFrom(`b${'a'.repeat(150)}`, { secrets: [], texts: [text] }),
    texts: serverTexts,
  },
  {
    name: 'bounds of JSON bodies',
    maxLength: 2 * mebi,
    read: (text) => attempt(() => checkJsonBounds(text)),
    texts: { ...anyTexts, ...replyTexts },
  },
];

const requests: ReaderCase[] = [
  { name: 'ground truths', maxLength: 4 * mebi, read: readGroundTruth, texts: { ...anyTexts, ...replyTexts } },
  {
    name: 'ground truths in messages',
    maxLength: 4 * mebi,
    read: splitAtMarker,
    texts: { ...anyTexts, ...markerTexts },
  },
  {
    name: 'prompts within queries',
    maxLength: 4 * mebi,
    read: (text) => replyAfter(text, `b${text}`),
    texts: anyTexts,
  },
  { name: 'instructions that name a language', maxLength: 8000, read: namedIn, texts: { ...anyTexts, ...replyTexts } },
  {
    name: 'replies in conversations',
    maxLength: 2 * mebi,
    read: (text) => [languageOfBlocks(text, languages), codeOf(text, fenceNames)],
    texts: replyTexts,
  },
  {
    name: 'data URLs',
    maxLength: 28 * mebi,
    read: (text) => attempt(() => bytesOfDataUrl(`data:${text}`, '/messages')),
    texts: { letters: anyTexts['letters']!, ...markerTexts },
  },
];

const builtin: ReaderCase[] = [...writers].flatMap(([language, writer]) => [
  {
    name: `traced code in ${language}`,
    maxLength: maxCode,
    read: (text: string) => nextDetail({ x: 0, y: 0, ...size }, writer.groups(text)),
    texts: writtenTexts,
  },
  {
    name: `places for layers in ${language}`,
    maxLength: maxCode,
    read: (text: string) => writer.opening(text, size, 1),
    texts: writtenTexts,
  },
]);

const edits: ReaderCase[] = [
  {
    name: 'edits of the built-in model',
    maxLength: maxCode,
    read: (text) => applied(text, [{ search: `b${text.slice(1)}`, replace: '' }]),
    texts: replyTexts,
  },
];

function namedIn(text: string): void {
  attempt(() => namedLanguage([text], languages));
}

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // Refused in time.
  }
}

/** Every reader of text that a model, a renderer, a server or a user wrote. */
export const readers: readonly ReaderCase[] = [
  ...replies,
  ...mermaids,
  ...svgs,
  ...texs,
  ...logs,
  ...pages,
  ...server,
  ...requests,
  ...builtin,
  ...edits,
];
