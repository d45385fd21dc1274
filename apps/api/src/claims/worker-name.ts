import { hostname } from 'node:os';

/** What this process calls itself in the rows that it claims. */
export const workerName = `${hostname()}:${process.pid}`;
