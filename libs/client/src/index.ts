export { Client, type CallOptions, type Example, type FilePart, type JobQuery, type TargetFile } from './client.ts';
export { ApiError, UnexpectedReplyError, UnreachableError } from './errors.ts';
export type { TailOptions } from './events.ts';
export type { ClientOptions } from './http.ts';
