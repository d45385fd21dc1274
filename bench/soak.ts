/**
 * Many mixed renders over all languages that this machine has, a tenth of them hostile: node bench/soak.ts [RENDERS]
 *
 * Says whether a slot was lost, a process or file is left, a good render changed, a hostile one got at anything, and whether memory grows.
 * Takes its programs from test/hostile; 10 000 renders take about half an hour.
 */
import { processGrowth, slope, soak, type Sample } from '../test/hostile/soak.ts';

const renders = Number(process.argv[2] ?? 10_000);
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const line = (sample: Sample): string =>
  `${String(sample.renders).padStart(6)}  parent ${mebibytes(sample.parentBytes)}, tree ${mebibytes(sample.treeBytes)} in ${sample.processes} processes, ${sample.descriptors} descriptors`;

const report = await soak({
  renders,
  concurrency: 2,
  deadlineMs: 5000,
  onSample: (sample) => console.log(line(sample)),
});
const { good, hostile, wrong, breaches, left, endings, samples } = report;
console.log(
  `${good} good and ${hostile} hostile renders of ${report.languages.join(', ')} in ${report.seconds.toFixed(0)} s`,
);
console.log(
  `the hostile ones ended as ${Object.entries(endings)
    .map(([ending, count]) => `${ending} ${count}`)
    .join(', ')}`,
);
console.log(
  `good renders that changed or failed: ${wrong.length}${wrong
    .slice(0, 20)
    .map((text) => `\n  ${text}`)
    .join('')}`,
);
console.log(`good renders not done in 5 s: ${report.late.length} ${report.late.slice(0, 20).join(', ')}`);
console.log(
  `breaches: ${breaches.length}${breaches
    .slice(0, 20)
    .map((text) => `\n  ${text}`)
    .join('')}`,
);
console.log(`left once everything was closed: ${left.join(', ') || 'nothing'}`);
console.log(`every slot at once took ${report.slotTime.toFixed(2)} deadlines (2 where a slot is lost)`);
console.log(`processes more in the last third than in the one before: ${processGrowth(samples)}`);
for (const [name, of] of [
  ['parent', (sample: Sample) => sample.parentBytes],
  ['tree', (sample: Sample) => sample.treeBytes],
] as const) {
  const last = of(samples.at(-1)!);
  console.log(
    `memory of the ${name}: ${mebibytes(last)} in the end, ${mebibytes(slope(samples, of))} more in a thousand renders`,
  );
}
process.exitCode = wrong.length + breaches.length + left.length > 0 || report.slotTime >= 2 ? 1 : 0;
