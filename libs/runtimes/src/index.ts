export { findPython } from './python/interpreter.ts';
export { drawOnZygote, PythonZygote, type Ending, type Remains } from './python/python-zygote.ts';
export type { ImageLimits } from './python/zygote-program.ts';
export { cutsOf, restAfter, type Cut } from './tex/cuts.ts';
export { borderPoints, readDocument, type Engine, type TexDocument } from './tex/document.ts';
export { Formats, type Format } from './tex/formats.ts';
export { JobDied, type TexJob, type TexRun } from './tex/tex-job.ts';
export { asksForAnotherRun, failureOf, overhangOf, remarksOf } from './tex/tex-log.ts';
export { Typesetter } from './tex/typesetter.ts';
