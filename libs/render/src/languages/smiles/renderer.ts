import { renderInFork, type PythonZygote } from '@pentimento/runtimes';
import { orAborted } from '@pentimento/abort';
import { outcomeOfPng } from '../../image/png-outcome.ts';
import { fitWithinLimits } from '../../port/limits.ts';
import { failed } from '../../port/outcome.ts';
import type { RendererFactory } from '../../port/renderer.ts';
import { readForkResult } from '../../zygote/fork-output.ts';
import { statusOfPython, warmPython } from '../../zygote/warm-python.ts';

const missing =
  'RDKit is not installed: run "npm run setup -- --only smiles", or name a Python that has it in PENTIMENTO_PYTHON.';

/** Renders a molecule by RDKit at the target's size, on white. */
export const createRenderer: RendererFactory = (context) => {
  const python = context.shared(warmPython);
  return {
    status: () => statusOfPython(python, 'rdkit', missing, nameOf),

    async render(code, { size, reference, deadlineMs }, signal) {
      if (!python || !(await orAborted(python.get(), signal)).versions['rdkit']) {
        return { ...failed('unavailable', missing), renderer: 'smiles' };
      }
      const fitted = fitWithinLimits(size);
      const job = { kind: 'smiles', code, ...fitted, reference } as const;
      const { zygote, result } = await renderInFork(job, python, deadlineMs, signal);
      const renderer = nameOf(zygote);
      if (!result) return { ...failed('runtime', 'RDKit crashed on this molecule.'), renderer };
      const answer = readForkResult(result);
      if (answer.form === 'failure') return { ...answer.outcome, renderer };
      if (answer.form !== 'png') return { ...failed('runtime', 'RDKit returned no image.'), renderer };
      const outcome = await outcomeOfPng(answer.png, fitted, answer.log);
      return {
        ...(outcome.status === 'ok' ? { ...outcome, molecule: answer.molecule, bitmapShare: 0 } : outcome),
        renderer,
      };
    },
  };
};

const nameOf = ({ versions }: PythonZygote): string => `smiles rdkit-${versions['rdkit']}`;
