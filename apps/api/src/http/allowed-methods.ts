import type { Request } from 'express';

/** A layer of Express's router, as far as it is read here. */
interface Layer {
  route?: { methods: Record<string, boolean> };
  match(path: string): boolean;
}

/** The methods that some route answers at the request's path; none where the path is unknown. */
export function allowedMethods(request: Request): string[] {
  const { stack } = request.app.router as unknown as { stack: Layer[] };
  const methods = stack
    .filter((layer) => layer.route && layer.match(request.path))
    .flatMap((layer) => Object.keys(layer.route!.methods));
  const named = methods.filter((method) => !method.startsWith('_')).map((method) => method.toUpperCase());
  return [...new Set(named)].sort();
}
