import { fitDrawing } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import { pictureOf } from '../../image/picture.ts';
import { readAnswer } from '../python/answer.ts';
import { singleUse } from '../python/python.ts';
import { drawOnZygote, type PythonZygote } from '@pentimento/runtimes';
import type { Renderer } from '../../port/renderer.ts';
import { orAborted } from '@pentimento/sandbox';

const missing =
  'RDKit is not installed: run "npm run setup -- --only smiles", or name a Python that has it in PENTIMENTO_PYTHON.';

/** A molecule by RDKit in the target's size, on white. */
export const smiles: Renderer = {
  async state({ python: standing }) {
    if (!standing) return { available: false, renderer: null, reason: missing };
    try {
      const zygote = await standing.get();
      if (!zygote.versions['rdkit']) return { available: false, renderer: null, reason: missing };
      return { available: true, renderer: nameOf(zygote), reason: zygote.isLasting ? null : singleUse };
    } catch (error) {
      return { available: false, renderer: null, reason: (error as Error).message };
    }
  },

  async draw(code, { size, reference, deadlineMs }, { python: standing }, signal) {
    if (!standing || !(await orAborted(standing.get(), signal)).versions['rdkit']) {
      return { ...failed('unavailable', missing), renderer: 'smiles' };
    }
    const fitted = fitDrawing(size);
    const job = { kind: 'smiles', code, ...fitted, reference } as const;
    const { zygote, remains } = await drawOnZygote(job, standing, deadlineMs, signal);
    const renderer = nameOf(zygote);
    if (!remains) return { ...failed('runtime', 'The molecule brought RDKit down.'), renderer };
    const answer = readAnswer(remains);
    if (answer.form === 'failure') return { ...answer.outcome, renderer };
    if (answer.form !== 'png') return { ...failed('runtime', 'RDKit gave no image.'), renderer };
    const outcome = await pictureOf(answer.png, fitted, answer.log);
    return { ...(outcome.status === 'ok' ? { ...outcome, molecule: answer.molecule } : outcome), renderer };
  },
};

const nameOf = ({ versions }: PythonZygote): string => `smiles rdkit-${versions['rdkit']}`;
