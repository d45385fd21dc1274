import { expect, it } from 'vitest';
import type { FlawKind } from '@pentimento/contracts';
import { changesOf } from '../testing/changes.ts';
import { samples } from '../testing/samples.ts';
import { python } from './python.ts';

const changes = (kind: FlawKind, code = samples['python']!) => changesOf(python, code, kind);

it('changes colors by keyword, in lists, in formats, and maps of colors', () => {
  expect(changes('wrong-color')).toContain('#3d7ea6 -> #d62728');
  expect(changes('wrong-color', "ax.plot(x, color='navy')")).toContain('navy -> red');
  expect(changes('wrong-color', "ax.plot(x, y, 'b--')")).toContain('b-- -> r--');
  expect(changes('wrong-color', "ax.imshow(x, cmap='viridis')")).toContain('viridis -> plasma');
  expect(changes('wrong-color', "ax.plot(x, c='C0')")).toContain('C0 -> C1');
  expect(changes('wrong-color', "colors = ['tab:red', 'teal']")).toEqual(
    expect.arrayContaining(['tab:red -> tab:blue', 'teal -> red']),
  );
  expect(changes('wrong-color', "print('red')")).toEqual([]);
});

it('changes shown text and categories, and no file names, styles, keys and math', () => {
  expect(changes('wrong-label')).toEqual(
    expect.arrayContaining(['North -> Notrh', 'Yearly yield -> Yeraly yield', 'tons -> tnos']),
  );
  expect(changes('wrong-label', "ax.set_title(f'depth of {name} here')")).toContain('depth of  -> detph of ');
  expect(changes('wrong-label', "ax.set_title(r'$\\alpha$')")).toEqual([]);
  for (const code of [
    "plt.savefig('chart.png')",
    "ax.plot(x, linestyle='dashed')",
    "frame['column']",
    "ax.spines[['top', 'right']]",
  ]) {
    expect(changes('wrong-label', code)).toEqual([]);
  }
});

it('changes data, formulas and limits, and no seeds or shapes', () => {
  expect(changes('wrong-number')).toEqual(expect.arrayContaining(['31 -> 47', '58 -> 29', '58 -> 85']));
  expect(changes('wrong-number', 'ax.set_ylim(0, 40)')).toContain('40 -> 20');
  expect(changes('wrong-number', 'y = 0.5 * x')).toContain('0.5 -> 0.8');
  expect(changes('wrong-number', 'values = [-3, 4]')).toContain('3 -> 5');
  for (const code of ['np.random.seed(4)', 'plt.subplots(2, 2)', 'x.reshape(3, 4)'])
    expect(changes('wrong-number', code)).toEqual([]);
});

it('takes out calls that render, with their line or their semicolon', () => {
  expect(changes('missing-element')).toContain("ax.set_title('Yearly yield')\n -> ");
  expect(changes('missing-element')).not.toContain("fig.savefig('out.png')\n -> ");
  expect(changes('missing-element', 'ax.grid(); ax.legend()')).toEqual(['ax.grid();  -> ', '; ax.legend() -> ']);
});

it('leaves no block without a statement', () => {
  expect(changes('missing-element', 'for a in b:\n    a.grid()\n')).toEqual(['a.grid() -> pass']);
  expect(changes('missing-element', 'if a: a.grid()\n')).toEqual(['a.grid() -> pass']);
  expect(changes('missing-element', 'for a in b:\n    a.grid()\n    a.legend()\n')).toContain('    a.grid()\n -> ');
});

it('adds a statement with the same axes and the same indentation', () => {
  const [text] = changes('extra-element', 'for ax in axes:\n    ax.bar(a, b)\n');
  expect(text).toBe(" -> \n    ax.text(0.5, 0.5, 'Note', transform=ax.transAxes, fontsize=14, color='crimson')");
  expect(changes('extra-element', 'plt.plot(a); plt.show()')[0]).toMatch(/^ -> ; plt\.gca\(\)\.text/);
  expect(changes('extra-element', 'sns.heatmap(a)')).toEqual([]);
});

it('moves by position arguments, and resizes by sizes', () => {
  expect(changes('shifted-part')).toContain('upper left -> lower right');
  expect(changes('shifted-part', "ax.text(2, 5, 'a', ha='center')")).toEqual(
    expect.arrayContaining(['2 -> 1', '5 -> 8', 'center -> left']),
  );
  expect(changes('resized-part')).toEqual(expect.arrayContaining(['0.5 -> 0.8', '6 -> 3', '4 -> 6.4']));
});

it('breaks calls, strings and blocks', () => {
  expect(changes('broken-syntax', "for a in b:\n    a.bar(1, 'x')\n")).toEqual(
    expect.arrayContaining([') -> ', ',  ->  ', "' -> ", ': -> ']),
  );
});

it('calls wrong functions, and gives wrong keywords', () => {
  expect(changes('wrong-call')).toEqual(
    expect.arrayContaining(['bar -> barh', 'bar -> bars', 'width -> bar_width', 'figsize -> fig_size']),
  );
});
