import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import { buildingPage, buildingPolicy } from './building-page.ts';
import { contentPolicy } from './content-policy.ts';

const apiPaths = ['/v1', '/docs', '/openapi.json', '/healthz', '/readyz'];
const isApi = (path: string): boolean => apiPaths.some((api) => path === api || path.startsWith(`${api}/`));

/** Their names include a hash of their content. */
const hashedFiles = '/_next/static/';

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** The exported file behind a path: `/job` is `job.html`. Undefined where there is none, or where the path leaves the folder. */
export async function exportedFile(folder: string, path: string): Promise<string | undefined> {
  const name = decoded(path);
  if (name === undefined || name.includes('\0')) return undefined;
  const wanted = resolve(folder, `.${name}`);
  if (wanted !== folder && !wanted.startsWith(folder + sep)) return undefined;
  const candidates = extname(wanted) ? [wanted] : [`${wanted}.html`, join(wanted, 'index.html')];
  for (const candidate of candidates) {
    if (candidate.startsWith(folder + sep) && (await isFile(candidate))) return candidate;
  }
  return undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Serves the dashboard's export from `folder`, and until it is there a page that says that it is being built. */
export function serveDashboard(folder: string) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || isApi(request.path)) return next();
    const isPage = extname(request.path) === '' && Boolean(request.accepts('html'));
    if (!(await isFile(join(folder, 'index.html')))) return isPage ? sendBuilding(response) : next();
    const file = await exportedFile(folder, request.path);
    if (file)
      return extname(file) === '.html' ? sendPage(response, file, 200) : sendAsset(request, response, file, next);
    const missing = join(folder, '404.html');
    return isPage && (await isFile(missing)) ? sendPage(response, missing, 404) : next();
  };
}

function sendBuilding(response: Response): void {
  response
    .set({ 'Content-Security-Policy': buildingPolicy, 'Cache-Control': 'no-store' })
    .type('html')
    .send(buildingPage);
}

async function sendPage(response: Response, file: string, status: number): Promise<void> {
  const html = await readFile(file, 'utf8');
  const headers = { 'Content-Security-Policy': contentPolicy(html), 'Cache-Control': 'no-cache' };
  response.status(status).set(headers).type('html').send(html);
}

function sendAsset(request: Request, response: Response, file: string, next: NextFunction): void {
  const caching = request.path.startsWith(hashedFiles) ? { immutable: true, maxAge: '1y' } : { cacheControl: false };
  if (!request.path.startsWith(hashedFiles)) response.setHeader('Cache-Control', 'no-cache');
  response.sendFile(file, caching, (error) => error && !response.headersSent && next(error));
}
