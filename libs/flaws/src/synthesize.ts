import {
  flawPairSchema,
  type BlobId,
  type Flaw,
  type FlawKind,
  type FlawPair,
  type FlawSkip,
  type Language,
  type RenderRequest,
  type RenderResult,
  type RewardRecord,
  type Size,
} from '@pentimento/contracts';
import { decodeImage, hasInk, type RgbImage } from '@pentimento/imaging';
import { flawCandidates, type FlawCandidate } from './candidates.ts';
import { changedRegion, notVisible } from './changed-region.ts';
import { flawLanguages } from './languages/index.ts';
import type { LanguageFlaws } from './language-flaws.ts';

/** Correct code that twins are made of. */
export interface FlawSource {
  /** What the code is called, e.g. its path. */
  name: string;
  language: Language;
  code: string;
  /** The target's size in pixels: the viewport of a page, the canvas of an image without its own size. */
  size: Size;
  /** Device pixels per CSS pixel of a page. Default: 1. */
  deviceScale?: number;
  /** The image that the code is said to draw. Where its render differs visibly from it, the source is skipped. */
  target?: Uint8Array;
}

export interface FlawRequest {
  /** Pairs to make of the source; fewer where it has no more flaws. */
  count: number;
  /** Decides which flaws are made, and in which order. */
  seed: number;
  /** Default: all that apply to the language. */
  kinds?: readonly FlawKind[];
}

type Rendered = Extract<RenderResult, { status: 'ok' }>;

export interface FlawPorts {
  render: { render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult> };
  reward: {
    score(
      input: {
        target: Uint8Array;
        render: Uint8Array | null;
        alignment: 0 | 1;
        text: { target: string | null; render: string | null };
        molecule?: Rendered['molecule'];
      },
      signal: AbortSignal,
    ): Promise<RewardRecord>;
  };
  /** Where the pairs' images go. */
  blobs: { put(bytes: Uint8Array, mediaType: string): Promise<BlobId> };
  /** Default: the languages of this library. */
  languages?: readonly LanguageFlaws[];
}

/** What became of one flawed twin, or of a source as a whole. */
export type FlawResult = { pair: FlawPair } | { skip: FlawSkip };

/**
 * Flawed twins of correct code, rendered and scored, one after the other: every twin that is tried is a pair or a skip with its reason.
 * The same source, request and ports give the same results. Rejects with the signal's reason where it aborts, and with the error of a
 * port.
 */
export async function* synthesizeFlaws(
  source: FlawSource,
  request: FlawRequest,
  ports: FlawPorts,
  signal: AbortSignal,
): AsyncGenerator<FlawResult> {
  const language = (ports.languages ?? flawLanguages).find((known) => known.language === source.language);
  if (!language) {
    yield skipSource(source, 'no_flaws_known', `Nothing is known of how ${source.language} can be flawed.`);
    return;
  }
  const target = await renderTarget(source, ports, signal);
  if ('skip' in target) {
    yield target;
    return;
  }
  let missing = request.count;
  for (const candidate of flawCandidates(language, source.code, request)) {
    if (missing === 0) return;
    signal.throwIfAborted();
    const result = await tryCandidate(candidate, { source, language, target, ports, signal });
    if ('pair' in result) missing--;
    yield result;
  }
}

const skipSource = (
  { name, language }: FlawSource,
  reason: FlawSkip['reason'],
  detail: string,
): { skip: FlawSkip } => ({
  skip: { source: name, language, reason, detail, flaw: null },
});

/** The render of the correct code, which all its twins are compared with. */
interface Target {
  rendered: Rendered;
  pixels: RgbImage;
}

async function renderTarget(
  source: FlawSource,
  { render }: FlawPorts,
  signal: AbortSignal,
): Promise<Target | { skip: FlawSkip }> {
  const rendered = await render.render(requestOf(source, source.code), signal);
  if (rendered.status === 'failed') {
    return skipSource(source, 'source_fails', `The code renders nothing (${rendered.kind}): ${rendered.message}`);
  }
  const pixels = await decodeImage(rendered.image, 'render');
  if (!hasInk(pixels.pixels))
    return skipSource(source, 'source_fails', `The code draws nothing. ${rendered.log}`.trim());
  if (source.target) {
    const given = await decodeImage(source.target, 'target');
    const changed = changedRegion(given, pixels);
    if (changed)
      return skipSource(source, 'source_differs', `The render differs from the target in ${describe(changed.box)}.`);
  }
  return { rendered, pixels };
}

const requestOf = ({ language, size, deviceScale, code: reference }: FlawSource, code: string): RenderRequest => ({
  language,
  code,
  size,
  ...(deviceScale !== undefined && { deviceScale }),
  trusted: false,
  reference,
});

const describe = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }): string =>
  `the ${width} x ${height} pixels at x ${x}, y ${y}`;

interface Attempt {
  source: FlawSource;
  language: LanguageFlaws;
  target: Target;
  ports: FlawPorts;
  signal: AbortSignal;
}

async function tryCandidate({ flaw, flawedCode }: FlawCandidate, attempt: Attempt): Promise<FlawResult> {
  const { source, target, ports, signal } = attempt;
  const flawed = await ports.render.render(requestOf(source, flawedCode), signal);
  const pixels = flawed.status === 'ok' ? await decodeImage(flawed.image, 'render') : null;
  const region = pixels && changedRegion(target.pixels, pixels);
  const shown = { isBlank: pixels !== null && !hasInk(pixels.pixels), isVisible: region !== null };
  const problem = skipReason(flaw, flawed, shown, attempt.language);
  if (problem) {
    const { name, language } = source;
    return { skip: { source: name, language, ...problem, flaw } };
  }
  const { version, encoder, preprocessing, terms } = await ports.reward.score(
    scoreInput(target.rendered, flawed),
    signal,
  );
  const pair = flawPairSchema.parse({
    source: source.name,
    language: source.language,
    ...flaw,
    correctCode: source.code,
    flawedCode,
    target: await storedImage(target.rendered, ports),
    flawed: await storedRender(flawed, ports),
    score: { version, encoder, preprocessing, terms },
    box: region?.box ?? null,
    changedShare: region?.share ?? null,
  });
  return { pair };
}

/** Kinds whose twins may fail to render. */
const mayFail: ReadonlySet<FlawKind> = new Set(['broken-syntax', 'wrong-call']);
/** Failures that depend on the machine more than on the code. */
const inconclusive: ReadonlySet<string> = new Set(['timeout', 'memory', 'unavailable']);

/** Why a twin is no pair, or undefined where it is one. */
function skipReason(
  { kind }: Flaw,
  flawed: RenderResult,
  { isBlank, isVisible }: { isBlank: boolean; isVisible: boolean },
  { recovers }: LanguageFlaws,
): Pick<FlawSkip, 'reason' | 'detail'> | undefined {
  if (flawed.status === 'failed') {
    const detail = `The flawed code renders nothing (${flawed.kind}): ${flawed.message}`;
    if (inconclusive.has(flawed.kind)) return { reason: 'stopped', detail };
    return mayFail.has(kind) ? undefined : { reason: 'fails_to_render', detail };
  }
  if (isBlank)
    return mayFail.has(kind) ? undefined : { reason: 'fails_to_render', detail: 'The flawed code draws nothing.' };
  if (kind === 'broken-syntax' && !recovers) {
    return { reason: 'renders_though_broken', detail: 'The code renders although its syntax was to be broken.' };
  }
  if (isVisible) return undefined;
  return { reason: 'no_visible_change', detail: notVisible };
}

function scoreInput(target: Rendered, flawed: RenderResult): Parameters<FlawPorts['reward']['score']>[0] {
  const rendered = flawed.status === 'ok' ? flawed : null;
  return {
    target: target.image,
    render: rendered?.image ?? null,
    alignment: 1,
    text: { target: target.text, render: rendered?.text ?? null },
    ...(rendered?.molecule && rendered.molecule.similarity !== null && { molecule: rendered.molecule }),
  };
}

async function storedImage(
  { image, width, height, renderer }: Rendered,
  { blobs }: FlawPorts,
): Promise<FlawPair['target']> {
  return { image: await blobs.put(image, 'image/png'), width, height, renderer };
}

async function storedRender(flawed: RenderResult, ports: FlawPorts): Promise<FlawPair['flawed']> {
  if (flawed.status === 'ok') return { status: 'ok', ...(await storedImage(flawed, ports)) };
  const { kind, message, renderer } = flawed;
  return { status: 'failed', kind, message, renderer };
}
