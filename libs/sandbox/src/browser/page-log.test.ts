import { expect, it } from 'vitest';
import { PageLog } from './page-log.ts';

it('says where a script failed and which requests were refused', () => {
  const log = new PageLog();
  log.addException({
    exceptionId: 1,
    text: 'Uncaught',
    lineNumber: 4,
    columnNumber: 9,
    exception: {
      type: 'object',
      description: 'ReferenceError: chart is not defined\n    at http://page.invalid/:5:10',
    },
  });
  log.addConsole([{ value: 'no data for' }, { description: 'Array(3)' }]);
  log.addRefused('https://cdn.example/a.js', 'Script');
  log.addRefused('https://cdn.example/a.js', 'Script');
  log.addRefused('https://cdn.example/b', 'Fetch');
  log.addPlaceholder('https://photos.example/9');
  log.addLoss('A frame is left out.');
  log.addLoss('A frame is left out.');
  expect(log.text()).toBe(
    'ReferenceError: chart is not defined (line 5, column 10)\nconsole: no data for Array(3)\nThere is no network here; refused: https://cdn.example/a.js (script) https://cdn.example/b\nPlaceholders of the same size are drawn for: https://photos.example/9\nA frame is left out.',
  );
});

it('stays short however much a page logs', () => {
  const log = new PageLog();
  for (let i = 0; i < 1000; i++) {
    log.addConsole([{ value: 'x'.repeat(10_000) }]);
    log.addPlaceholder(`http://b/${i}/${'y'.repeat(10_000)}`);
    log.addLoss(`${i} ${'z'.repeat(10_000)}`);
    log.addRefused(`http://a/${i}/${'y'.repeat(10_000)}`);
  }
  expect(log.text().length).toBeLessThan(30_000);
});
