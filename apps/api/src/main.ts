import 'reflect-metadata';
import { languages } from '@pentimento/render/languages';
import { run } from './runtime/run.ts';
import { serve } from './server.ts';

/** The server, with the registered languages. */
await run(languages, serve);
