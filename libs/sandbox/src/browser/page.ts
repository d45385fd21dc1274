import type { Size } from '@pentimento/contracts';
import type { Protocol } from 'devtools-protocol';
import type { CdpConnection, CdpError, CdpEvent, CdpMethod, CdpParams, CdpResult } from './cdp.ts';
import { PageLog } from './page-log.ts';
import { fontsReady, losses, pageScript, settled, stopMotion, webFonts, xmlError } from './page-script.ts';
import { readPageToolResult, ToolError, type PageTool } from './page-tool.ts';
import { responseHeaders, type InterceptedResponse, type RequestInterceptor } from './request-interceptor.ts';

/** An untrusted document, rendered in a page that is blank. */
export interface DocumentJob {
  mediaType: 'text/html' | 'image/svg+xml';
  code: string;
  /** CSS pixels. */
  viewport: Size;
  /** Device pixels per CSS pixel. */
  deviceScale: number;
  /** What the screenshot shows: the whole height of the page, or the viewport only. */
  extent: 'page' | 'viewport';
  scripts: boolean;
  /** What the document gets in place of the network. */
  intercept: RequestInterceptor;
  limits: ScreenshotLimits;
  /** An expression that reads the finished page as text, evaluated where its own scripts cannot reach. */
  survey?: string;
}

/** An untrusted input, rendered by the tool that is in the page already. */
export interface PageToolJob {
  tool: PageTool;
  input: string;
  /** CSS pixels. */
  viewport: Size;
  /** Device pixels per CSS pixel. */
  deviceScale: number;
  limits: ScreenshotLimits;
  /** As that of a document. */
  survey?: string;
}

/** In device pixels. A page is cut off at the limits; a tool's image that exceeds them is refused. */
export interface ScreenshotLimits {
  maxSide: number;
  maxPixels: number;
}

/** Size in device pixels. */
export interface Screenshot extends Size {
  png: Uint8Array;
  log: string;
  /** The text that the screenshot shows, in reading order. */
  text: string;
  /** Whether the page has loaded fonts whose characters are not known. Those of icons do not count. */
  hasWebFonts: boolean;
  /** What the job's survey has read; empty where it has none or fails. */
  survey: string;
}

/** Plain http, so that the page is no secure context and has no service workers and no device interfaces. */
const address = 'http://page.invalid/';
const virtualMs = 1000;

/** An XML document that is not well-formed. The message is the parser's. */
export class MalformedDocument extends Error {
  override name = 'MalformedDocument';
}

/** One page in a browser context of its own: opened in advance, used for one job, discarded with the context. */
export class Page {
  readonly sessionId: string;
  readonly targetId: string;
  readonly #contextId: string;
  readonly #cdp: CdpConnection;
  /** Whether frames are rendered only when requested, as the headless shell does. */
  #rendersOnDemand = false;
  readonly #log = new PageLog();
  /** The response to the next request for the page's own address. */
  #document: Document | undefined;
  #intercept: RequestInterceptor = () => undefined;
  /** The last frame that was requested. Only one may be pending. */
  #frame: Promise<unknown> = Promise.resolve();
  #mainWorld: number | undefined;
  /** A JavaScript world that the page's own scripts cannot reach. */
  #openedWorld: number | undefined;
  #committed = false;
  readonly #parsed = Promise.withResolvers<void>();
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
  static async open(cdp: CdpConnection, tool: PageTool | null, register: (page: Page) => void): Promise<Page> {
    const { browserContextId } = await cdp.send('Target.createBrowserContext', { disposeOnDetach: true });
    const { targetId } = await cdp.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      enableBeginFrameControl: true,
    });
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(cdp, browserContextId, targetId, sessionId);
    register(page);
    await Promise.all([
      cdp.send('Browser.setDownloadBehavior', { behavior: 'deny', browserContextId }),
      page.#send('Page.enable'),
      page.#send('HeadlessExperimental.enable').then(
        () => (page.#rendersOnDemand = true),
        () => {},
      ),
      page.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      page.#send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript }),
    ]);
    if (tool) await page.#loadTool(tool);
    return page;
  }

  /**
   * @throws CdpError where the page crashes, is closed, or has no screenshot; MalformedDocument where an SVG is not well-formed XML;
   * ToolError where a tool cannot render its input.
   */
  screenshot(job: DocumentJob | PageToolJob): Promise<Screenshot> {
    const result = 'tool' in job ? this.#renderWithTool(job) : this.#renderDocument(job);
    return Promise.race([result, this.#lost.promise]);
  }

  /** What has gone wrong in it so far. */
  get log(): string {
    return this.#log.text();
  }

  /** Discards the browser context with everything in it. */
  async dispose(): Promise<void> {
    await this.#cdp.send('Target.disposeBrowserContext', { browserContextId: this.#contextId });
  }

  receive(event: CdpEvent): void {
    handlers[event.method]?.call(this, event.params as never);
  }

  /** Rejects the job in progress: the page will answer nothing more. */
  fail(reason: CdpError): void {
    this.#lost.reject(reason);
  }

  async #loadTool(tool: PageTool): Promise<void> {
    const response = { mediaType: 'text/html; charset=utf-8', body: Buffer.from(tool.html, 'utf8') };
    await Promise.race([this.#navigate({ response, policy: null }, tool.intercept), this.#lost.promise]);
    await this.#watchScripts();
    await this.#withFrames(this.#evaluate(fontsReady));
  }

  /** The browser executes commands in the order in which they are sent, so a command that needs no result is not waited for. */
  async #renderDocument(job: DocumentJob): Promise<Screenshot> {
    const response = { mediaType: `${job.mediaType}; charset=utf-8`, body: Buffer.from(job.code, 'utf8') };
    const [, , frameId] = await Promise.all([
      this.#setViewport(job.viewport, job.deviceScale),
      this.#send('Emulation.setScriptExecutionDisabled', { value: !job.scripts }),
      this.#navigate({ response, policy: job.scripts ? null : staticPolicy }, job.intercept),
    ]);
    const [world] = await Promise.all([this.#openWorld(frameId), this.#watchScripts()]);
    if (job.mediaType === 'image/svg+xml') await this.#refuseMalformed(world);
    await this.#withFrames(
      Promise.all([this.#evaluate(job.scripts ? settled : fontsReady, world), this.#movePointerAway()]),
    );
    await Promise.all([
      this.#send('Emulation.setVirtualTimePolicy', { policy: 'pauseIfNetworkFetchesPending', budget: virtualMs }),
      this.#timeSpent.promise,
    ]);
    const [text, lost, size] = await Promise.all([
      this.#evaluate(stopMotion, world),
      this.#evaluate(losses, world),
      job.extent === 'viewport' ? job.viewport : this.#pageSize(job),
    ]);
    for (const sentence of lost.split('\n')) if (sentence) this.#log.addLoss(sentence);
    return this.#capture(job, size, text);
  }

  async #renderWithTool(job: PageToolJob): Promise<Screenshot> {
    const { tool, input, viewport, deviceScale, limits } = job;
    await this.#setViewport(viewport, deviceScale);
    const rendering = this.#send('Runtime.callFunctionOn', {
      functionDeclaration: tool.render,
      arguments: [{ value: input }, { value: viewport }],
      executionContextId: this.#mainWorld,
      awaitPromise: true,
      returnByValue: true,
    });
    const { result, exceptionDetails } = await this.#withFrames(rendering);
    if (exceptionDetails) this.#log.addException(exceptionDetails);
    const { notes, ...size } = readPageToolResult(exceptionDetails ? { error: this.#log.text() } : result.value);
    for (const note of notes) this.#log.addLoss(note);
    if (!isWithin(scaled(size, deviceScale), limits)) {
      throw new ToolError('too-large', `An image of ${size.width}x${size.height} pixels is too large.`);
    }
    const text = await this.#evaluate(stopMotion, await this.#openWorld(this.targetId));
    return this.#capture(job, size, text);
  }

  /**
   * Requests frame after frame until the work, which waits for some, is done. A browser left to itself renders sixty a second, and a
   * render would spend half its time waiting.
   */
  async #withFrames<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = !this.#rendersOnDemand;
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

  /** A browser takes the pointer to be in the corner at the top left, so that what is there would be drawn as if it were pointed at. */
  #movePointerAway(): Promise<unknown> {
    return this.#send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: -10, y: -10 });
  }

  /** Shows the document and waits for its load event. Resolves with the frame's id. */
  async #navigate(document: Document, intercept: RequestInterceptor): Promise<string> {
    this.#document = document;
    this.#intercept = intercept;
    const { frameId } = await this.#send('Page.navigate', { url: address });
    await Promise.race([this.#parsed.promise, this.#loaded.promise]);
    // An SVG that refers to another file asks for it when a frame is made, and the load event waits for the answer.
    await this.#withFrames(this.#loaded.promise);
    return frameId;
  }

  /** Receives errors of scripts, past ones too. Called after the page has loaded, because large scripts load half as fast with it. */
  #watchScripts(): Promise<unknown> {
    return this.#send('Runtime.enable');
  }

  /** Opens a JavaScript world that the page's own scripts cannot reach. */
  async #openWorld(frameId: string): Promise<number> {
    this.#openedWorld = (await this.#send('Page.createIsolatedWorld', { frameId })).executionContextId;
    return this.#openedWorld;
  }

  async #evaluate(expression: string, contextId?: number): Promise<string> {
    const { result } = await this.#send('Runtime.evaluate', {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    });
    return typeof result.value === 'string' ? result.value : '';
  }

  async #refuseMalformed(world: number): Promise<void> {
    const error = await this.#evaluate(xmlError, world);
    if (error) throw new MalformedDocument(error);
  }

  async #capture(
    { viewport, deviceScale, survey: expression = '""' }: DocumentJob | PageToolJob,
    size: Size,
    text: string,
  ): Promise<Screenshot> {
    const survey = await this.#evaluate(expression, this.#openedWorld);
    const captureBeyondViewport = size.width > viewport.width || size.height > viewport.height;
    const clip = { x: 0, y: 0, ...size, scale: 1 };
    const take = (): Promise<Uint8Array> =>
      this.#withFrames(this.#cdp.capture({ format: 'png', captureBeyondViewport, clip }, this.sessionId));
    // On a busy machine one in thousands is lost with its frame. A page that is too large fails again.
    const png = await take().catch((error: Error) => {
      if (!isScreenshotFailure(error)) throw error;
      return take();
    });
    const hasWebFonts = this.#openedWorld !== undefined && (await this.#evaluate(webFonts, this.#openedWorld)) !== '';
    return { ...scaled(size, deviceScale), png, log: this.#log.text(), text, hasWebFonts, survey };
  }

  /** As wide as the viewport and as high as the content, within the limits. */
  async #pageSize({ viewport, deviceScale, limits }: DocumentJob): Promise<Size> {
    const metrics = await this.#send('Page.getLayoutMetrics');
    const maxHeight = Math.min(limits.maxSide, limits.maxPixels / (viewport.width * deviceScale)) / deviceScale;
    const height = Math.max(viewport.height, Math.ceil(metrics.cssContentSize.height));
    return { width: viewport.width, height: Math.min(height, Math.floor(maxHeight)) };
  }

  #send<Method extends CdpMethod>(method: Method, params?: CdpParams<Method>): Promise<CdpResult<Method>> {
    return this.#cdp.send(method, params, this.sessionId);
  }

  /** For responses to events, whose page may be gone by then. */
  #sendAndForget<Method extends CdpMethod>(method: Method, params: CdpParams<Method>): void {
    this.#send(method, params).catch(() => {});
  }

  #fulfill(requestId: string, response: InterceptedResponse, extraHeaders: Protocol.Fetch.HeaderEntry[]): void {
    this.#sendAndForget('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: [...responseHeaders(response), ...extraHeaders],
      body: Buffer.from(response.body).toString('base64'),
    });
  }

  static readonly handlers = {
    'Fetch.requestPaused'(this: Page, { requestId, request, resourceType }: Protocol.Fetch.RequestPausedEvent): void {
      const document = this.#document;
      if (document && request.url === address) {
        this.#document = undefined;
        const policy = document.policy === null ? [] : [{ name: 'Content-Security-Policy', value: document.policy }];
        this.#fulfill(requestId, document.response, policy);
        return;
      }
      const response = resourceType === 'Document' ? undefined : this.#intercept(request.url);
      if (response && 'body' in response) {
        if (response.missing !== undefined) this.#log.addRefused(response.missing);
        if (response.isPlaceholder) this.#log.addPlaceholder(request.url);
        return this.#fulfill(requestId, response, []);
      }
      this.#log.addRefused(request.url, resourceType);
      if (response) this.#log.addLoss(response.advice);
      // An aborted navigation leaves the page as it is; any other error would replace it with an error page.
      const errorReason = resourceType === 'Document' ? 'Aborted' : 'BlockedByClient';
      this.#sendAndForget('Fetch.failRequest', { requestId, errorReason });
    },
    'Page.frameNavigated'(this: Page, { frame }: Protocol.Page.FrameNavigatedEvent): void {
      if (!frame.parentId && frame.url === address) this.#committed = true;
    },
    'Page.domContentEventFired'(this: Page): void {
      if (this.#committed) this.#parsed.resolve();
    },
    'Page.frameStoppedLoading'(this: Page, { frameId }: Protocol.Page.FrameStoppedLoadingEvent): void {
      if (this.#committed && frameId === this.targetId) this.#loaded.resolve();
    },
    'Page.javascriptDialogOpening'(this: Page): void {
      this.#sendAndForget('Page.handleJavaScriptDialog', { accept: false });
    },
    'Emulation.virtualTimeBudgetExpired'(this: Page): void {
      this.#timeSpent.resolve();
    },
    'Runtime.executionContextCreated'(this: Page, { context }: Protocol.Runtime.ExecutionContextCreatedEvent): void {
      const { isDefault, frameId } = context.auxData as { isDefault: boolean; frameId: string };
      if (isDefault && frameId === this.targetId) this.#mainWorld = context.id;
    },
    'Runtime.exceptionThrown'(this: Page, { exceptionDetails }: Protocol.Runtime.ExceptionThrownEvent): void {
      this.#log.addException(exceptionDetails);
    },
    'Runtime.consoleAPICalled'(this: Page, { type, args }: Protocol.Runtime.ConsoleAPICalledEvent): void {
      if (type === 'error' || type === 'assert') this.#log.addConsole(args);
    },
  };
}

const handlers: Record<string, ((this: Page, params: never) => void) | undefined> = Page.handlers;

interface Document {
  response: InterceptedResponse;
  /** Content security policy. */
  policy: string | null;
}

/** Whether the browser could not take a screenshot, mostly because it would be too large. */
export const isScreenshotFailure = ({ message }: Error): boolean => /capture screenshot/i.test(message);

/** CSS pixels in device pixels. */
const scaled = ({ width, height }: Size, deviceScale: number): Size => ({
  width: Math.round(width * deviceScale),
  height: Math.round(height * deviceScale),
});

const isWithin = ({ width, height }: Size, { maxSide, maxPixels }: ScreenshotLimits): boolean =>
  width <= maxSide && height <= maxSide && width * height <= maxPixels;

/** For documents that run no scripts: they may fetch nothing either, by any means. */
const staticPolicy =
  "default-src 'none'; style-src 'unsafe-inline' data: http: https:; img-src data: http: https:; font-src data: http: https:";
