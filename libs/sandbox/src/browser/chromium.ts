import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { Browser } from './browser.ts';
import { findExecutable } from '../isolation/executable.ts';
import type { SandboxLauncher } from '../isolation/sandbox-launcher.ts';
import type { Program } from '../isolation/program.ts';
import { sandboxFolder } from '../isolation/sandbox.ts';
import { startWithFolder } from '../isolation/start-with-folder.ts';

const mebibyte = 1024 * 1024;

/**
 * In order of preference: the headless shell renders the same pixels, starts in less than half the time, and renders frames on
 * demand. Debian's `chromium` is a script that reads files outside of the sandbox; the program itself is in the library's folder.
 */
const names = [
  'chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  'chromium',
  'chromium-browser',
  'google-chrome',
];

/** Folders that every sandbox shows. */
const systemFolders = ['/usr/bin/', '/usr/lib/', '/usr/share/'];

/** @param path of Chromium or its headless shell. Default: searched for. */
export function findChromium(path: string | undefined): string | undefined {
  return findExecutable(path ? [path] : names, process.env['PATH']);
}

const flags = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-lcd-text',
  '--disable-sync',
  '--enable-begin-frame-control',
  '--run-all-compositor-stages-before-draw',
  '--disable-site-isolation-trials',
  '--disable-features=Translate,MediaRouter,IsolateOrigins,site-per-process,IsolateSandboxedIframes',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  '--force-device-scale-factor=1',
  '--hide-scrollbars',
  '--lang=en-US',
  '--mute-audio',
  '--js-flags=--max-old-space-size=256',
];

/** Starts browsers in the launcher's sandbox. */
export class Chromium {
  readonly path: string;
  readonly #launcher: SandboxLauncher;
  readonly #temporaryFolder: string;
  readonly #withFonts: (program: Program) => Program;
  #withoutInnerSandbox = false;

  /** @param withFonts adds the fonts that it draws with to its program. */
  constructor(
    path: string,
    launcher: SandboxLauncher,
    temporaryFolder: string,
    withFonts: (program: Program) => Program,
  ) {
    this.path = path;
    this.#launcher = launcher;
    this.#temporaryFolder = temporaryFolder;
    this.#withFonts = withFonts;
  }

  /** Tries Chromium's own sandbox within ours first. Where the kernel or the account forbids that, ours is the only one. */
  async start(): Promise<Browser> {
    this.#withoutInnerSandbox ||= await this.#launcher.runsAsRoot();
    if (this.#withoutInnerSandbox) return this.#startWith(['--no-sandbox']);
    try {
      return await this.#startWith([]);
    } catch {
      const browser = await this.#startWith(['--no-sandbox']);
      this.#withoutInnerSandbox = true;
      return browser;
    }
  }

  async #startWith(extraFlags: string[]): Promise<Browser> {
    const program = (folder: string): Program => this.#withFonts(this.#program(folder, extraFlags));
    return Browser.start(await startWithFolder(this.#launcher, this.#temporaryFolder, 'browser', program));
  }

  #program(homeFolder: string, extraFlags: string[]): Program {
    const path = realpathSync(this.path);
    const isSystem = systemFolders.some((folder) => path.startsWith(folder));
    return {
      readable: isSystem ? new Map() : new Map([[dirname(path), `${sandboxFolder}/chromium`]]),
      command: (toInside) => [toInside(path), ...flags, `--user-data-dir=${homeFolder}/profile`, ...extraFlags],
      environment: { PATH: '/usr/bin:/bin', HOME: homeFolder, TMPDIR: homeFolder, LANG: 'C.UTF-8', TZ: 'UTC' },
      limits: {
        treeBytes: 2048 * mebibyte,
        dataBytes: 1024 * mebibyte,
        // V8 reserves far more than it uses.
        addressBytes: null,
        processes: 512,
        fileBytes: 256 * mebibyte,
        temporaryBytes: 512 * mebibyte,
        openFiles: 2048,
      },
      systemCalls: 'browser',
      // Its own sandbox shows pages no /proc.
      createsNamespaces: !extraFlags.includes('--no-sandbox'),
      extraPipes: 2,
    };
  }
}
