import type { Protocol } from 'devtools-protocol';
import type { RunningProgram } from '../isolation/program.ts';
import { withDeadline } from '@pentimento/abort';
import type { ManagedProcess } from '../processes/warm-process.ts';
import { CdpConnection, CdpError, type CdpEvent } from './cdp.ts';
import { MemoryExceeded } from '../processes/memory-exceeded.ts';
import { Page, type DocumentJob, type PageToolJob, type Screenshot } from './page.ts';
import type { PageTool } from './page-tool.ts';

const startMs = 30_000;
const disposeMs = 1000;

/** A page whose process crashed, usually because it exceeded its memory limit. */
export class PageCrashed extends CdpError {
  override name = 'PageCrashed';
}

/** The page of a tool does not load, whatever its input. */
export class ToolNotLoaded extends Error {
  override name = 'ToolNotLoaded';
}

/**
 * One Chromium with pages opened in advance for the next job: a blank one, and one with each tool that was used before. Renders one
 * page at a time.
 */
export class Browser implements ManagedProcess {
  /** E.g. "156.0.8078.79". */
  readonly version: string;
  readonly ended: Promise<unknown>;
  readonly #program: RunningProgram;
  readonly #cdp: CdpConnection;
  readonly #pages = new Map<string, Page>();
  readonly #next = new Map<PageTool | null, Promise<Page>>();
  /** Of the last job. */
  #page: Page | undefined;
  #discarding: Promise<void> = Promise.resolve();

  private constructor(program: RunningProgram, cdp: CdpConnection, version: string) {
    this.#program = program;
    this.#cdp = cdp;
    this.version = version;
    this.ended = program.ended;
    cdp.onEvent = (event) => this.#receive(event);
    cdp.onGivenUp = () => this.kill();
  }

  /** @throws Error with the browser's error output, where it does not start. */
  static async start(program: RunningProgram): Promise<Browser> {
    const [output, input] = program.pipes;
    const cdp = new CdpConnection(output!, input!, () => reasonOfEnd(program));
    try {
      return await withDeadline({ deadlineMs: startMs, kill: program.kill }, async () => {
        const { product } = await cdp.send('Browser.getVersion');
        const browser = new Browser(program, cdp, product.split('/')[1] ?? product);
        await cdp.send('Target.setDiscoverTargets', { discover: true });
        await browser.#prepare(null);
        program.setIdle(true);
        return browser;
      });
    } catch (cause) {
      program.kill();
      await program.ended;
      throw new Error(`Chromium did not start: ${program.stderrTail().trim() || 'it printed no error'}`, { cause });
    }
  }

  /** What has gone wrong in the page of the last job so far. */
  get pageLog(): string {
    return this.#page?.log ?? '';
  }

  kill(): void {
    this.#program.kill();
  }

  /** Waits until the last job's page is gone and the next one is open. False where the browser is lost and must be replaced. */
  async ready(): Promise<boolean> {
    try {
      await this.#discarding;
      await this.#prepare(null);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * @throws MemoryExceeded; PageCrashed, or CdpError where the page is lost or has no screenshot; MalformedDocument and ToolError as
   * `Page.screenshot`; ToolNotLoaded.
   */
  async screenshot(job: DocumentJob | PageToolJob): Promise<Screenshot> {
    this.#program.setIdle(false);
    this.#cdp.resetEventLimit();
    this.#page = undefined;
    const tool = 'tool' in job ? job.tool : null;
    const page = await (tool ? this.#prepareTool(tool) : this.#prepare(null));
    this.#next.delete(tool);
    this.#page = page;
    try {
      return await page.screenshot(job);
    } finally {
      this.#discarding = this.#discard(page, tool);
    }
  }

  async #prepareTool(tool: PageTool): Promise<Page> {
    try {
      return await this.#prepare(tool);
    } catch (cause) {
      this.kill();
      throw new ToolNotLoaded(`The page of ${tool.name} does not load.`, { cause });
    }
  }

  #prepare(tool: PageTool | null): Promise<Page> {
    const prepared = this.#next.get(tool);
    if (prepared) return prepared;
    const opening = Page.open(this.#cdp, tool, (page) => this.#pages.set(page.sessionId, page));
    this.#next.set(tool, opening);
    opening.catch(() => this.#next.delete(tool));
    return opening;
  }

  /** A browser that cannot discard a page quickly is unhealthy: it is killed, and a new one is started for the next job. */
  async #discard(page: Page, tool: PageTool | null): Promise<void> {
    try {
      await withDeadline({ deadlineMs: disposeMs }, () => page.dispose());
      this.#pages.delete(page.sessionId);
      if (tool) this.#prepare(tool).catch(() => {});
      await this.#prepare(null);
      this.#program.setIdle(true);
    } catch {
      this.kill();
    }
  }

  #receive(event: CdpEvent): void {
    const page = event.sessionId === undefined ? undefined : this.#pages.get(event.sessionId);
    if (event.method === 'Target.targetCreated') this.#closePopup(event.params as Protocol.Target.TargetCreatedEvent);
    else if (event.method === 'Inspector.targetCrashed') page?.fail(new PageCrashed('The page crashed.'));
    else if (event.method === 'Target.detachedFromTarget') this.#losePage(event.params as DetachedEvent);
    else page?.receive(event);
  }

  #losePage({ sessionId }: DetachedEvent): void {
    this.#pages.get(sessionId)?.fail(new CdpError('The page was closed.'));
  }

  #closePopup({ targetInfo }: Protocol.Target.TargetCreatedEvent): void {
    if (targetInfo.type !== 'page' || targetInfo.openerId === undefined) return;
    this.#cdp.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => {});
  }
}

async function reasonOfEnd(program: RunningProgram): Promise<Error> {
  program.kill();
  await program.ended;
  return program.exceededMemory() ? new MemoryExceeded() : new CdpError('The browser closed its pipe.');
}

type DetachedEvent = Protocol.Target.DetachedFromTargetEvent;
