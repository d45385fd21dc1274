import type { Size } from '@pentimento/contracts';
import type { CdpConnection, CdpError, CdpEvent } from './cdp.ts';
import { renderLimits } from '../limits.ts';
import { bringToRest, fontsReady, settled, pageScript, xmlError } from './page-script.ts';
import { PageLog } from './page-log.ts';

export interface PageJob {
  mediaType: 'text/html' | 'image/svg+xml';
  code: string;
  viewport: Size;
  /** Photograph the whole height of the page, or the viewport only. */
  extent: 'page' | 'viewport';
  scripts: boolean;
}

export interface Photograph extends Size {
  png: Uint8Array;
  log: string;
}

/** Plain http: the page is no secure context, which spares it service workers and device interfaces. */
const address = 'http://page.invalid/';
const virtualMs = 1000;

/** An XML document whose parser gave up: the message is the parser's. */
export class MalformedDocument extends Error {
  override name = 'MalformedDocument';
}

/** One page in a context of its own that nothing survives: made ahead, used for one job, thrown away. */
export class Page {
  readonly sessionId: string;
  readonly targetId: string;
  readonly #contextId: string;
  readonly #cdp: CdpConnection;
  readonly #log = new PageLog();
  #job: PageJob | undefined;
  #served = false;
  #committed = false;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #timeSpent = Promise.withResolvers<void>();
  readonly #lost = Promise.withResolvers<never>();

  private constructor(cdp: CdpConnection, contextId: string, targetId: string, sessionId: string) {
    this.#cdp = cdp;
    this.#contextId = contextId;
    this.targetId = targetId;
    this.sessionId = sessionId;
    this.#lost.promise.catch(() => {});
  }

  static async open(cdp: CdpConnection, register: (page: Page) => void): Promise<Page> {
    const { browserContextId } = await cdp.send<{ browserContextId: string }>('Target.createBrowserContext', {
      disposeOnDetach: true,
    });
    const { targetId } = await cdp.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
    });
    const { sessionId } = await cdp.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(cdp, browserContextId, targetId, sessionId);
    register(page);
    await Promise.all([
      cdp.send('Browser.setDownloadBehavior', { behavior: 'deny', browserContextId }),
      page.#send('Page.enable'),
      page.#send('Runtime.enable'),
      page.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      page.#send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript }),
    ]);
    return page;
  }

  /**
   * @throws CdpError where the page crashes, goes away, or cannot be photographed; MalformedDocument where an SVG is not
   * well-formed XML.
   */
  photograph(job: PageJob): Promise<Photograph> {
    this.#job = job;
    return Promise.race([this.#take(job), this.#lost.promise]);
  }

  /** Throws the context away with everything in it. */
  async dispose(): Promise<void> {
    await this.#cdp.send('Target.disposeBrowserContext', { browserContextId: this.#contextId });
  }

  receive(event: CdpEvent): void {
    handlers[event.method]?.call(this, event.params as never);
  }

  /** The page is lost: it will answer nothing more. */
  fail(reason: CdpError): void {
    this.#lost.reject(reason);
  }

  async #take(job: PageJob): Promise<Photograph> {
    await this.#send('Emulation.setDeviceMetricsOverride', { ...job.viewport, deviceScaleFactor: 1, mobile: false });
    if (!job.scripts) await this.#send('Emulation.setScriptExecutionDisabled', { value: true });
    const { frameId } = await this.#send<{ frameId: string }>('Page.navigate', { url: address });
    await this.#loaded.promise;
    const { executionContextId: contextId } = await this.#send<{ executionContextId: number }>(
      'Page.createIsolatedWorld',
      {
        frameId,
      },
    );
    if (job.mediaType === 'image/svg+xml') await this.#refuseMalformed(contextId);
    await this.#send('Runtime.evaluate', {
      expression: job.scripts ? settled : fontsReady,
      contextId,
      awaitPromise: true,
    });
    await this.#send('Emulation.setVirtualTimePolicy', { policy: 'advance', budget: virtualMs });
    await this.#timeSpent.promise;
    await this.#send('Runtime.evaluate', { expression: bringToRest, contextId });
    return this.#capture(job);
  }

  async #refuseMalformed(contextId: number): Promise<void> {
    const { result } = await this.#send<{ result: { value: string | null } }>('Runtime.evaluate', {
      expression: xmlError,
      contextId,
      returnByValue: true,
    });
    if (result.value !== null) throw new MalformedDocument(result.value);
  }

  async #capture(job: PageJob): Promise<Photograph> {
    const size = job.extent === 'viewport' ? job.viewport : await this.#pageSize(job.viewport);
    const { data } = await this.#send<{ data: string }>('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: size.height > job.viewport.height,
      clip: { x: 0, y: 0, ...size, scale: 1 },
    });
    return { ...size, png: Buffer.from(data, 'base64'), log: this.#log.text() };
  }

  /** As wide as the viewport, as high as the content, within the caps. */
  async #pageSize(viewport: Size): Promise<Size> {
    const metrics = await this.#send<{ cssContentSize: Size }>('Page.getLayoutMetrics');
    const cap = Math.min(renderLimits.pageSide, Math.floor(renderLimits.pixels / viewport.width));
    const height = Math.max(viewport.height, Math.ceil(metrics.cssContentSize.height));
    return { width: viewport.width, height: Math.min(height, cap) };
  }

  #send<Result>(method: string, params: object = {}): Promise<Result> {
    return this.#cdp.send<Result>(method, params, this.sessionId);
  }

  /** For answers to events, whose page may be gone by then. */
  #tell(method: string, params: object): void {
    this.#send(method, params).catch(() => {});
  }

  static readonly handlers = {
    'Fetch.requestPaused'(this: Page, { requestId, request, resourceType }: PausedRequest): void {
      if (request.url === address && !this.#served && this.#job) {
        this.#served = true;
        this.#tell('Fetch.fulfillRequest', { requestId, ...responseOf(this.#job) });
        return;
      }
      this.#log.refused(request.url);
      // An aborted navigation leaves the page as it is; any other error would put an error page in its place.
      const errorReason = resourceType === 'Document' ? 'Aborted' : 'BlockedByClient';
      this.#tell('Fetch.failRequest', { requestId, errorReason });
    },
    'Page.frameNavigated'(this: Page, { frame }: { frame: { parentId?: string; url: string } }): void {
      if (!frame.parentId && frame.url === address) this.#committed = true;
    },
    'Page.frameStoppedLoading'(this: Page, { frameId }: { frameId: string }): void {
      if (this.#committed && frameId === this.targetId) this.#loaded.resolve();
    },
    'Page.javascriptDialogOpening'(this: Page): void {
      this.#tell('Page.handleJavaScriptDialog', { accept: false });
    },
    'Emulation.virtualTimeBudgetExpired'(this: Page): void {
      this.#timeSpent.resolve();
    },
    'Runtime.exceptionThrown'(this: Page, { exceptionDetails }: { exceptionDetails: never }): void {
      this.#log.exception(exceptionDetails);
    },
    'Runtime.consoleAPICalled'(this: Page, { type, args }: { type: string; args: never[] }): void {
      if (type === 'error' || type === 'assert') this.#log.console(args);
    },
  };
}

const handlers: Record<string, ((this: Page, params: never) => void) | undefined> = Page.handlers;

interface PausedRequest {
  requestId: string;
  request: { url: string };
  resourceType: string;
}

function responseOf(job: PageJob): object {
  return {
    responseCode: 200,
    responseHeaders: [
      { name: 'Content-Type', value: `${job.mediaType}; charset=utf-8` },
      ...(job.scripts ? [] : [{ name: 'Content-Security-Policy', value: stillPolicy }]),
    ],
    body: Buffer.from(job.code, 'utf8').toString('base64'),
  };
}

/** For documents that run no scripts: nothing may be fetched either, whoever does the fetching. */
const stillPolicy = "default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:";
