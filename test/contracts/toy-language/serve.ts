import { languages } from '@pentimento/render/languages';
import { toy } from './definition.ts';

/** The API's own server, built, with one more language: what a line in `registered.ts` does for a language of the repository. */
const built = new URL('../../../apps/api/dist/', import.meta.url);
const { run } = await import(new URL('runtime/run.js', built).href);
const { serve } = await import(new URL('server.js', built).href);

await run([...languages, toy], serve);
