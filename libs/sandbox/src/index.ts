export type { Browser } from './browser/browser.ts';
export { PageCrashed, ToolNotLoaded } from './browser/browser.ts';
export { CdpError } from './browser/cdp.ts';
export { Chromium, findChromium } from './browser/chromium.ts';
export {
  isScreenshotFailure,
  MalformedDocument,
  type DocumentJob,
  type PageToolJob,
  type Screenshot,
  type ScreenshotLimits,
} from './browser/page.ts';
export { ToolError, type PageTool, type PageToolResult } from './browser/page-tool.ts';
export type { InterceptedResponse, RefusedRequest } from './browser/request-interceptor.ts';
export { findExecutable } from './isolation/executable.ts';
export { makeOwnFolder } from './isolation/own-folder.ts';
export type { Program, RunningProgram } from './isolation/program.ts';
export { sandboxFolder } from './isolation/sandbox.ts';
export { SandboxLauncher } from './isolation/sandbox-launcher.ts';
export { seccompFilter } from './isolation/seccomp.ts';
export { startWithFolder } from './isolation/start-with-folder.ts';
export { MemoryExceeded } from './processes/memory-exceeded.ts';
export { RpcProcess, RpcProcessExited } from './processes/rpc-process.ts';
export { rpcWorkerProgram } from './processes/rpc-worker-program.ts';
export { WarmProcess, type ManagedProcess } from './processes/warm-process.ts';
