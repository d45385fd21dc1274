import { languages } from '@pentimento/render/languages';
import { gated } from './definition.ts';

/** The API's own server, built, with the gated language. */
const built = new URL('../../../apps/api/dist/', import.meta.url);
const { run } = await import(new URL('runtime/run.js', built).href);
const { serve } = await import(new URL('server.js', built).href);

await run([...languages, gated], serve);
