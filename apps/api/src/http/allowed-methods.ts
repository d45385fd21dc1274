import type { Request } from 'express';

/** A layer of Express's router: what is read here. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  match(path: string): boolean;
}

/** Nest registers middleware as a route for every path. */
const isOwnRoute = ({ route }: Layer): boolean => route !== undefined && !route.path.includes('*');

/** The methods of the routes at the request's path; none where the path is unknown. */
export function allowedMethods(request: Request): string[] {
  const { stack } = request.app.router as unknown as { stack: Layer[] };
  const routes = stack.filter((layer) => isOwnRoute(layer) && layer.match(request.path));
  const methods = routes.flatMap(({ route }) => Object.keys(route!.methods));
  return [...new Set(methods.map((method) => method.toUpperCase()))].sort();
}
