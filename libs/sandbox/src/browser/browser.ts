import { CdpConnection, CdpError, type CdpEvent } from './cdp.ts';
import { Page, type DocumentJob, type Photograph, type ToolJob } from './page.ts';
import type { Running } from '../isolation/program.ts';
import type { Tool } from './tool.ts';

const startMs = 30_000;
const disposeMs = 1000;

/** A page that brought its process down: mostly by asking for more memory than it may have. */
export class PageCrashed extends CdpError {
  override name = 'PageCrashed';
}

/** One Chromium with pages made ahead for the next job: a blank one, and one with each tool that was used before. Draws one page at a time. */
export class Browser {
  /** E.g. "156.0.8078.79". */
  readonly version: string;
  readonly ended: Promise<unknown>;
  readonly #running: Running;
  readonly #cdp: CdpConnection;
  readonly #pages = new Map<string, Page>();
  readonly #next = new Map<Tool | null, Promise<Page>>();
  #discarding: Promise<void> = Promise.resolve();

  private constructor(running: Running, cdp: CdpConnection, version: string) {
    this.#running = running;
    this.#cdp = cdp;
    this.version = version;
    this.ended = running.ended;
    cdp.onEvent = (event) => this.#receive(event);
    cdp.onGivenUp = () => this.kill();
  }

  /** @throws Error with what the browser said, where it does not start. */
  static async start(running: Running): Promise<Browser> {
    const [output, input] = running.pipes;
    const cdp = new CdpConnection(output!, input!);
    const timer = setTimeout(running.kill, startMs);
    try {
      const { product } = await cdp.send<{ product: string }>('Browser.getVersion');
      const browser = new Browser(running, cdp, product.split('/')[1] ?? product);
      await cdp.send('Target.setDiscoverTargets', { discover: true });
      await browser.#prepare(null);
      return browser;
    } catch (cause) {
      running.kill();
      await running.ended;
      throw new Error(`Chromium did not start: ${running.stderrTail().trim() || 'it said nothing'}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  kill(): void {
    this.#running.kill();
  }

  /** Waits until the last job's page is gone and the next one stands. False where the browser is lost and must be replaced. */
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
   * @throws PageCrashed, or CdpError where the page went away or cannot be photographed; MalformedDocument and ToolComplaint as
   * `Page.photograph`; Error where a tool does not load.
   */
  async draw(job: DocumentJob | ToolJob): Promise<Photograph> {
    this.#cdp.allowMoreEvents();
    const tool = 'tool' in job ? job.tool : null;
    const page = await (tool ? this.#withTool(tool) : this.#prepare(null));
    this.#next.delete(tool);
    try {
      return await page.photograph(job);
    } finally {
      this.#discarding = this.#discard(page, tool);
    }
  }

  async #withTool(tool: Tool): Promise<Page> {
    try {
      return await this.#prepare(tool);
    } catch (cause) {
      this.kill();
      throw new Error(`The page of ${tool.name} does not load.`, { cause });
    }
  }

  #prepare(tool: Tool | null): Promise<Page> {
    const made = this.#next.get(tool);
    if (made) return made;
    const making = Page.open(this.#cdp, tool, (page) => this.#pages.set(page.sessionId, page));
    this.#next.set(tool, making);
    making.catch(() => this.#next.delete(tool));
    return making;
  }

  /** A browser that cannot get rid of a page quickly has lost its health: it is killed, and a new one started for the next job. */
  async #discard(page: Page, tool: Tool | null): Promise<void> {
    const timer = setTimeout(() => this.kill(), disposeMs);
    try {
      await page.dispose().finally(() => clearTimeout(timer));
      this.#pages.delete(page.sessionId);
      if (tool) this.#prepare(tool).catch(() => {});
      await this.#prepare(null);
    } catch {
      this.kill();
    }
  }

  #receive(event: CdpEvent): void {
    const page = event.sessionId === undefined ? undefined : this.#pages.get(event.sessionId);
    if (event.method === 'Target.targetCreated') this.#closePopup(event.params as unknown as CreatedTarget);
    else if (event.method === 'Inspector.targetCrashed') page?.fail(new PageCrashed('The page crashed.'));
    else if (event.method === 'Target.detachedFromTarget') this.#pageGone(event.params['sessionId'] as string);
    else page?.receive(event);
  }

  #pageGone(sessionId: string): void {
    this.#pages.get(sessionId)?.fail(new CdpError('The page went away.'));
  }

  #closePopup({ targetInfo }: CreatedTarget): void {
    if (targetInfo.type !== 'page' || targetInfo.openerId === undefined) return;
    this.#cdp.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => {});
  }
}

interface CreatedTarget {
  targetInfo: { targetId: string; type: string; openerId?: string };
}
