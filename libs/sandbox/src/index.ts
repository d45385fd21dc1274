export { Browser, PageCrashed } from './browser/browser.ts';
export { CdpError } from './browser/cdp.ts';
export { Chromium, findChromium } from './browser/chromium.ts';
export {
  isLostPhotograph,
  MalformedDocument,
  type DocumentJob,
  type ScreenshotLimits,
  type ToolJob,
} from './browser/page.ts';
export type { Served } from './browser/served.ts';
export { ToolComplaint, type Tool, type ToolAnswer } from './browser/tool.ts';
export { findExecutable } from './isolation/executable.ts';
export { Keeper } from './isolation/keeper.ts';
export { makeOwnFolder } from './isolation/own-folder.ts';
export type { Program, Running } from './isolation/program.ts';
export { insideFolder } from './isolation/sandbox.ts';
export { seccompFilter } from './isolation/seccomp.ts';
export { startWithFolder } from './isolation/start-with-folder.ts';
export { DeadlineReached, orAborted, withDeadline } from './processes/deadline.ts';
export { Respondent, RespondentDied } from './processes/respondent.ts';
export { rpcWorkerProgram } from './processes/rpc-worker-program.ts';
export { Standing, type Child } from './processes/standing.ts';
