import type { Size } from '@pentimento/contracts';
import type { CdpConnection, CdpError, CdpEvent } from './cdp.ts';
import { bringToRest, fontsReady, settled, pageScript, xmlError } from './page-script.ts';
import { PageLog } from './page-log.ts';
import { servedHeaders, type Served, type Server } from './served.ts';
import { readToolAnswer, ToolComplaint, type Tool } from './tool.ts';

/** A document of somebody's, drawn in a page that is blank. */
export interface DocumentJob {
  mediaType: 'text/html' | 'image/svg+xml';
  code: string;
  /** CSS pixels; `deviceScale` is device pixels a CSS pixel. */
  viewport: Size;
  deviceScale: number;
  /** Photograph the whole height of the page, or the viewport only. */
  extent: 'page' | 'viewport';
  scripts: boolean;
  /** What the document may have of the network. */
  serve: Server;
  limits: ScreenshotLimits;
}

/** An input drawn by the tool that stands in the page already. */
export interface ToolJob {
  tool: Tool;
  input: string;
  viewport: Size;
  deviceScale: number;
  limits: ScreenshotLimits;
}

/** In device pixels. A page is cut off at them; a tool's drawing beyond them is refused. */
export interface ScreenshotLimits {
  maxSide: number;
  maxPixels: number;
}

export interface Photograph extends Size {
  png: Uint8Array;
  log: string;
  /** What can be read in the picture, in reading order. */
  text: string;
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
  /** Whether frames are drawn when they are asked for, and only then, as the headless shell does. */
  #drawsOnDemand = false;
  readonly #log = new PageLog();
  /** What stands at the page's own address, once. */
  #document: Document | undefined;
  #serve: Server = () => undefined;
  /** The last frame that was asked for: there may be one at a time. */
  #frame: Promise<unknown> = Promise.resolve();
  #mainWorld: number | undefined;
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

  /** A blank page, or one with a tool in it. */
  static async open(cdp: CdpConnection, tool: Tool | null, register: (page: Page) => void): Promise<Page> {
    const { browserContextId } = await cdp.send<{ browserContextId: string }>('Target.createBrowserContext', {
      disposeOnDetach: true,
    });
    const { targetId } = await cdp.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      enableBeginFrameControl: true,
    });
    const { sessionId } = await cdp.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(cdp, browserContextId, targetId, sessionId);
    register(page);
    await Promise.all([
      cdp.send('Browser.setDownloadBehavior', { behavior: 'deny', browserContextId }),
      page.#send('Page.enable'),
      page.#send('HeadlessExperimental.enable').then(
        () => (page.#drawsOnDemand = true),
        () => {},
      ),
      page.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      page.#send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript }),
    ]);
    if (tool) await page.#setUp(tool);
    return page;
  }

  /**
   * @throws CdpError where the page crashes, goes away, or cannot be photographed; MalformedDocument where an SVG is not
   * well-formed XML; ToolComplaint where a tool cannot draw its input.
   */
  photograph(job: DocumentJob | ToolJob): Promise<Photograph> {
    const taking = 'tool' in job ? this.#takeWithTool(job) : this.#takeDocument(job);
    return Promise.race([taking, this.#lost.promise]);
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

  async #setUp(tool: Tool): Promise<void> {
    const html = { mediaType: 'text/html; charset=utf-8', body: Buffer.from(tool.html, 'utf8') };
    await Promise.race([this.#navigate({ served: html, policy: null }, tool.serve), this.#lost.promise]);
    await this.#listen();
    await this.#withFrames(this.#evaluate(fontsReady));
  }

  /** The browser obeys in the order in which it is told: what depends on no answer is told without waiting for one. */
  async #takeDocument(job: DocumentJob): Promise<Photograph> {
    const served = { mediaType: `${job.mediaType}; charset=utf-8`, body: Buffer.from(job.code, 'utf8') };
    const [, , frameId] = await Promise.all([
      this.#setViewport(job.viewport, job.deviceScale),
      this.#send('Emulation.setScriptExecutionDisabled', { value: !job.scripts }),
      this.#navigate({ served, policy: job.scripts ? null : stillPolicy }, job.serve),
    ]);
    const [world] = await Promise.all([this.#openWorld(frameId), this.#listen()]);
    if (job.mediaType === 'image/svg+xml') await this.#refuseMalformed(world);
    await this.#withFrames(this.#evaluate(job.scripts ? settled : fontsReady, world));
    await Promise.all([
      this.#send('Emulation.setVirtualTimePolicy', { policy: 'pauseIfNetworkFetchesPending', budget: virtualMs }),
      this.#timeSpent.promise,
    ]);
    const [text, size] = await Promise.all([
      this.#evaluate(bringToRest, world),
      job.extent === 'viewport' ? job.viewport : this.#pageSize(job),
    ]);
    return this.#capture(size, size.height > job.viewport.height, job.deviceScale, text);
  }

  async #takeWithTool({ tool, input, viewport, deviceScale, limits }: ToolJob): Promise<Photograph> {
    await this.#setViewport(viewport, deviceScale);
    const drawing = this.#send<ToolCall>('Runtime.callFunctionOn', {
      functionDeclaration: tool.draw,
      arguments: [{ value: input }, { value: viewport }],
      executionContextId: this.#mainWorld,
      awaitPromise: true,
      returnByValue: true,
    });
    const { result, exceptionDetails } = await this.#withFrames(drawing);
    if (exceptionDetails) this.#log.exception(exceptionDetails);
    const size = readToolAnswer(exceptionDetails ? { complaint: this.#log.text() } : result.value);
    if (!isWithin(scaled(size, deviceScale), limits)) {
      throw new ToolComplaint('too-large', `A drawing of ${size.width}x${size.height} pixels is too large.`);
    }
    const text = await this.#evaluate(bringToRest, await this.#openWorld(this.targetId));
    const isBeyond = size.width > viewport.width || size.height > viewport.height;
    return this.#capture(size, isBeyond, deviceScale, text);
  }

  /**
   * Has frame after frame drawn until the work is done, which waits for some. A browser left to itself draws sixty a second: a
   * render would spend half its time waiting.
   */
  async #withFrames<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = !this.#drawsOnDemand;
    const done = work.finally(() => (isDone = true));
    while (!isDone) {
      this.#frame = this.#frame.then(() => (isDone ? null : this.#send('HeadlessExperimental.beginFrame')));
      await Promise.race([done, this.#frame]);
    }
    return done;
  }

  #setViewport(viewport: Size, deviceScaleFactor: number): Promise<unknown> {
    return this.#send('Emulation.setDeviceMetricsOverride', { ...viewport, deviceScaleFactor, mobile: false });
  }

  /** Shows the document and waits for its load event; the frame's id. */
  async #navigate(document: Document, serve: Server): Promise<string> {
    this.#document = document;
    this.#serve = serve;
    const { frameId } = await this.#send<{ frameId: string }>('Page.navigate', { url: address });
    await this.#loaded.promise;
    return frameId;
  }

  /** Hears what scripts complain of. Large scripts load twice as slowly meanwhile: for pages that have loaded, which tell in retrospect. */
  #listen(): Promise<unknown> {
    return this.#send('Runtime.enable');
  }

  /** A JavaScript world beside the page's own, whose scripts cannot reach it. */
  async #openWorld(frameId: string): Promise<number> {
    const world = await this.#send<{ executionContextId: number }>('Page.createIsolatedWorld', { frameId });
    return world.executionContextId;
  }

  async #evaluate(expression: string, contextId?: number): Promise<string> {
    const { result } = await this.#send<{ result: { value?: unknown } }>('Runtime.evaluate', {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    });
    return typeof result.value === 'string' ? result.value : '';
  }

  async #refuseMalformed(world: number): Promise<void> {
    const complaint = await this.#evaluate(xmlError, world);
    if (complaint) throw new MalformedDocument(complaint);
  }

  async #capture(size: Size, captureBeyondViewport: boolean, deviceScale: number, text: string): Promise<Photograph> {
    const take = (): Promise<{ data: string }> =>
      this.#withFrames(
        this.#send('Page.captureScreenshot', {
          format: 'png',
          captureBeyondViewport,
          clip: { x: 0, y: 0, ...size, scale: 1 },
        }),
      );
    // On a busy machine one in thousands is lost with the frame that it was of; what is too large is lost again.
    const { data } = await take().catch((error: Error) => {
      if (!isLostPhotograph(error)) throw error;
      return take();
    });
    return {
      ...scaled(size, deviceScale),
      png: Buffer.from(data, 'base64'),
      log: this.#log.text(),
      text,
    };
  }

  /** As wide as the viewport, as high as the content, within the caps. */
  async #pageSize({ viewport, deviceScale, limits }: DocumentJob): Promise<Size> {
    const metrics = await this.#send<{ cssContentSize: Size }>('Page.getLayoutMetrics');
    const cap = Math.min(limits.maxSide, limits.maxPixels / (viewport.width * deviceScale)) / deviceScale;
    const height = Math.max(viewport.height, Math.ceil(metrics.cssContentSize.height));
    return { width: viewport.width, height: Math.min(height, Math.floor(cap)) };
  }

  #send<Result>(method: string, params: object = {}): Promise<Result> {
    return this.#cdp.send<Result>(method, params, this.sessionId);
  }

  /** For answers to events, whose page may be gone by then. */
  #tell(method: string, params: object): void {
    this.#send(method, params).catch(() => {});
  }

  #fulfill(requestId: string, served: Served, extraHeaders: { name: string; value: string }[]): void {
    this.#tell('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: [...servedHeaders(served), ...extraHeaders],
      body: Buffer.from(served.body).toString('base64'),
    });
  }

  static readonly handlers = {
    'Fetch.requestPaused'(this: Page, { requestId, request, resourceType }: PausedRequest): void {
      const document = this.#document;
      if (document && request.url === address) {
        this.#document = undefined;
        const policy = document.policy === null ? [] : [{ name: 'Content-Security-Policy', value: document.policy }];
        this.#fulfill(requestId, document.served, policy);
        return;
      }
      const served = resourceType === 'Document' ? undefined : this.#serve(request.url);
      if (served?.lacks !== undefined) this.#log.refused(served.lacks);
      if (served) return this.#fulfill(requestId, served, []);
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
    'Runtime.executionContextCreated'(this: Page, { context }: { context: CreatedWorld }): void {
      if (context.auxData.isDefault && context.auxData.frameId === this.targetId) this.#mainWorld = context.id;
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

interface CreatedWorld {
  id: number;
  auxData: { isDefault: boolean; frameId: string };
}

interface ToolCall {
  result: { value?: unknown };
  exceptionDetails?: never;
}

interface Document {
  served: Served;
  /** Content security policy. */
  policy: string | null;
}

/** Whether the browser had no picture to give: mostly because it would be too large. */
export const isLostPhotograph = ({ message }: Error): boolean => /capture screenshot/i.test(message);

/** CSS pixels in device pixels. */
const scaled = ({ width, height }: Size, deviceScale: number): Size => ({
  width: Math.round(width * deviceScale),
  height: Math.round(height * deviceScale),
});

const isWithin = ({ width, height }: Size, { maxSide, maxPixels }: ScreenshotLimits): boolean =>
  width <= maxSide && height <= maxSide && width * height <= maxPixels;

/** For documents that run no scripts: nothing may be fetched either, whoever does the fetching. */
const stillPolicy = "default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:";
