import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from './problem.exception.ts';

export interface Allowed {
  /** Host names in lower case, in addition to addresses and this machine's own names. */
  hosts: readonly string[];
  /** Origins of other web pages that may use the API, e.g. a dashboard under development. */
  origins: readonly string[];
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `Host` of RFC 9110, section 7.2: a name or an address, and a port. Nothing is decoded: browsers send it in this form. */
const hostForm = /^(?<name>\[[\da-f:.]+\]|[a-z\d._-]+)(?::\d{1,5})?$/i;

function hostNameOf(host: string | undefined): string | undefined {
  return hostForm.exec(host ?? '')?.groups!['name']!.toLowerCase();
}

/** Whether a foreign web site cannot have pointed the name here: DNS rebinding needs a name, so bare addresses are safe. */
function isOwnHost(host: string | undefined, allowed: Allowed): boolean {
  const name = hostNameOf(host);
  if (!name) return false;
  if (isIP(name.replace(/^\[|\]$/g, ''))) return true;
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === hostname().toLowerCase() ||
    allowed.hosts.includes(name)
  );
}

function isOwnOrigin(request: Request, allowed: Allowed): boolean {
  const origin = request.headers.origin?.toLowerCase();
  if (origin === undefined) return request.headers['sec-fetch-site'] !== 'cross-site';
  const host = request.headers.host?.toLowerCase();
  return allowed.origins.includes(origin) || origin === `http://${host}` || origin === `https://${host}`;
}

/** Why the request is refused, or undefined: a foreign web site must not use the service on a user's machine. */
export function refusalFor(request: Request, allowed: Allowed): ProblemException | undefined {
  if (!isOwnHost(request.headers.host, allowed)) {
    return new ProblemException(
      'forbidden',
      `This server does not answer to the name "${request.headers.host ?? ''}"; add it to PENTIMENTO_ALLOWED_HOSTS.`,
    );
  }
  if (safeMethods.has(request.method) || isOwnOrigin(request, allowed)) return undefined;
  const origin = request.headers.origin ?? 'another site';
  return new ProblemException(
    'forbidden',
    `Web pages of ${origin} may not change anything here; add the origin to PENTIMENTO_ALLOWED_ORIGINS.`,
  );
}

/** Headers of every response: nothing is sniffed, framed, or embedded by other sites. */
const headers = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

export function localOnly(allowed: Allowed) {
  return (request: Request, response: Response, next: NextFunction): void => {
    response.set(headers);
    const origin = request.headers.origin?.toLowerCase();
    if (origin && allowed.origins.includes(origin)) response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    next(refusalFor(request, allowed));
  };
}
