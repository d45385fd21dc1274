export { findPython } from './python/interpreter.ts';
export { PythonZygote, renderInFork, type ForkExit, type ForkResult } from './python/python-zygote.ts';
export { borderPoints, readDocument, type Engine, type TexDocument } from './tex/document.ts';
export { FormatCache, type Format } from './tex/format-cache.ts';
export { preamblePrefixes, restAfter, type PreamblePrefix } from './tex/preamble-prefix.ts';
export { TexJobExited, type TexJob, type TexRun } from './tex/tex-job.ts';
export { failureOf, needsAnotherRun, overhangOf, warningsOf } from './tex/tex-log.ts';
export { Typesetter } from './tex/typesetter.ts';
