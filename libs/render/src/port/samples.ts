import type { RenderFailureKind, Size } from '@pentimento/contracts';

/** Code with which tests show what the renderer of a language must do. */
export interface LanguageSamples {
  /** A small correct program. It must give the same bytes after every hostile one as before it. */
  control: string;
  /** A small correct program that always gives the same image: another for each index and color, e.g. "teal". */
  variant(color: string, index: number): string;
  /** Turns of a variant in a soak test: more where a render is short. Default: 1. */
  turns?: number;
  styles: Styles;
  hostile: MakeHostilePrograms;
  /**
   * Names of hostile programs that reach something where no sandbox holds them, which proves that the suite notices it, and the
   * network that they need for it.
   */
  reachesUnsandboxed?: Record<string, 'none' | 'of the machine'>;
}

/** A correct program in one of the ways that people and models write it, and what its image must be. */
interface Style {
  code: string;
  /** Colors (six hexadecimal digits) that more than a few pixels of the image have, to within a few levels. */
  shows?: string[];
  /** Name of a style whose image has the same bytes. */
  like?: string;
  /** Name of a style whose image has other bytes. */
  unlike?: string;
  size?: Size;
  /** What the log must match. Default: nothing that tells of an error. */
  log?: RegExp;
}

export type Styles = Record<string, Style>;

/** How a render may end: with an image, or with a failure of a kind. */
type ResultKind = 'ok' | Exclude<RenderFailureKind, 'unavailable'>;

/**
 * What shows that a program got as far as its attack: a pattern in the log, the text or the canonical SMILES of its image, or in the
 * message of its failure; or a color (six hexadecimal digits) that more than a few pixels of its image have.
 */
export type Evidence = RegExp | { color: string };

/** Code that attacks. It paints in magenta or says `ESCAPED` where it gets at what is not its own. */
export interface HostileProgram {
  code: string;
  /** The ending that the attack has, with what shows there that it was reached. */
  endings: Partial<Record<ResultKind, Evidence>>;
  /**
   * The same program with a report in the place of its attack, where the attack itself cannot leave a trace: a render that is killed
   * may lose its log. It runs first.
   */
  rehearsal?: HostileProgram;
  /** Rendered next in the same slot, to find what the attack left behind. */
  next?: HostileProgram;
}

/** What hostile programs try to reach on the machine. */
export interface HostileTargets {
  /** Of TCP and UDP on 127.0.0.1. */
  port: number;
  /** A folder that everybody may read and write, with secret.txt, secret.js, secret.css, secret.svg and secret.png. */
  folder: string;
  /** Name of an abstract unix socket, without its leading NUL. */
  socket: string;
  /** The name of what they write, in `folder` and wherever else they can. */
  mark: string;
}

/** By name; names are the same whatever the targets. */
export type MakeHostilePrograms = (targets: HostileTargets) => Record<string, HostileProgram>;
