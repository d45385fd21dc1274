import type { ExportSummary } from '@pentimento/contracts';
import { formatCount } from '../../ui/format.ts';
import { DropList } from './DropList.tsx';
import { FileLink } from './FileLink.tsx';
import { countedDrops } from './drops.ts';
import { counted, rowsBySplit, totalDrops, totalRows } from './words.ts';

/** What became of everything that was read: rows by split, and what is left out with the reasons. */
export function RowCounts({ id, manifest, unit }: { id: string; manifest: ExportSummary; unit: string }) {
  const [rows, drops] = [totalRows(manifest), totalDrops(manifest)];
  return (
    <div className="flex min-w-0 flex-col gap-3" data-testid="row-counts">
      <p>
        {counted(manifest.traces, 'trajectory')} read{unit !== 'trajectory' && ` with ${counted(manifest.units, unit)}`}
        : <strong className="font-semibold">{counted(rows, 'row')}</strong> and {formatCount(drops)} left out.
      </p>
      {rows > 0 && <SplitTable manifest={manifest} rows={rows} />}
      {drops > 0 && (
        <div>
          <h3 className="mb-1 text-xs text-muted">Left out</h3>
          <DropList groups={countedDrops(manifest.drops)} />
          <FileLink id={id} path="drops.jsonl">
            Each of them, in drops.jsonl
          </FileLink>
        </div>
      )}
    </div>
  );
}

function SplitTable({ manifest, rows }: { manifest: ExportSummary; rows: number }) {
  return (
    <table className="w-full max-w-[400px]">
      <caption className="sr-only">Rows by split</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Split</th>
          <th scope="col">Rows</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {rowsBySplit(manifest).map((each) => (
          <tr key={each.split} className="border-t">
            <th scope="row" className="py-1 text-left font-normal">
              {each.split}
            </th>
            <td className="tabular py-1 text-right">{formatCount(each.rows)}</td>
            <td className="tabular w-16 py-1 text-right text-muted">{Math.round((100 * each.rows) / rows)} %</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
