'use client';

import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Page } from '../../keys/keys.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { formatScore } from '../../ui/format.ts';
import { useRowFocus } from '../../keys/useRowFocus.ts';
import { ImageDialog } from './ImageDialog.tsx';
import { imagesIn, originWords, scoreOf, summaries, type PreviewRow } from './rows.ts';
import { RowFields, Thumbnail } from './RowValue.tsx';

export interface TableRow {
  table: string;
  row: PreviewRow;
}

interface OpenImage {
  row: number;
  path: string;
}

const maxThumbnails = 4;

/** Rows as they are exported: a line each, which opens to all its fields. */
export function PreviewRows({ rows, page }: { rows: readonly TableRow[]; page: Page }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [image, setImage] = useState<OpenImage | null>(null);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => setOpen(new Set()), [rows]);
  useRowFocus(page, table);
  useKeys(page, { expand: () => setOpen(open.size > 0 ? new Set() : new Set(rows.keys())) });
  const scored = rows.some(({ row }) => scoreOf(row) !== null);
  const texts = useMemo(() => summaries(rows.map(({ row }) => row)), [rows]);
  const images = image ? imagesIn(rows[image.row]!.row) : [];
  const at = image && images.findIndex(({ path }) => path === image.path);
  return (
    <div className="@container">
      <table ref={table} className="w-full table-fixed border-b" data-testid="preview-rows">
        <caption className="sr-only">Rows as they are exported</caption>
        <thead>
          <tr className="h-8 border-b text-left text-xs text-muted">
            <th scope="col" className="w-[56px] pl-4 font-normal">
              Row
            </th>
            <th scope="col" className="w-[216px] px-2 font-normal @max-[560px]:w-[100px]">
              Images
            </th>
            <th scope="col" className="px-2 font-normal">
              Text
            </th>
            {scored && (
              <th scope="col" className="w-[68px] pr-4 pl-2 text-right font-normal">
                Score
              </th>
            )}
          </tr>
        </thead>
        {rows.map((each, index) => (
          <Row
            key={index}
            number={index + 1}
            row={each.row}
            summary={texts[index]!}
            table={each.table}
            scored={scored}
            open={open.has(index)}
            onToggle={() => setOpen(toggled(open, index))}
            onImage={(path) => setImage({ row: index, path })}
          />
        ))}
      </table>
      <ImageDialog
        images={images}
        at={at}
        onAt={(next) => setImage(next === null ? null : { row: image!.row, path: images[next]!.path })}
      />
    </div>
  );
}

function toggled(set: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(index)) next.add(index);
  return next;
}

function Row({
  number,
  row,
  summary,
  table,
  scored,
  open,
  onToggle,
  onImage,
}: {
  number: number;
  row: PreviewRow;
  summary: string;
  table: string;
  scored: boolean;
  open: boolean;
  onToggle: () => void;
  onImage: (path: string) => void;
}) {
  const details = useId();
  const images = imagesIn(row);
  const score = scoreOf(row);
  const hidden = images.length - maxThumbnails;
  const origin = [table, originWords(row)].filter(Boolean).join(', ');
  return (
    <tbody className="border-t first-of-type:border-t-0" data-testid="preview-row">
      <tr
        className="h-12 cursor-pointer hover:bg-hover"
        onClick={(event) => {
          if (!(event.target as Element).closest('button')) onToggle();
        }}
      >
        <td className="pl-2">
          <button
            type="button"
            data-row
            aria-expanded={open}
            aria-controls={details}
            aria-label={`Row ${number}, all fields`}
            onClick={onToggle}
            className="tabular flex h-8 items-center gap-0.5 rounded pr-1 text-muted hover:text-ink"
          >
            <ChevronRight size={14} aria-hidden className={clsx('transition-transform', open && 'rotate-90')} />
            {number}
          </button>
        </td>
        <td className="px-2">
          <span className="flex items-center gap-1">
            {images.slice(0, maxThumbnails).map((each, index) => (
              <span key={each.path} className={clsx(index >= 2 && '@max-[560px]:hidden')}>
                <Thumbnail image={each} size={40} onOpen={onImage} />
              </span>
            ))}
            {hidden > 0 && <span className="tabular pl-0.5 text-xs text-muted @max-[560px]:hidden">+{hidden}</span>}
          </span>
        </td>
        <td className="px-2 py-1">
          <span className="block truncate text-sm">{summary}</span>
          <span className="tabular block truncate text-xs text-muted">{origin}</span>
        </td>
        {scored && <td className="tabular pr-4 pl-2 text-right">{score === null ? '–' : formatScore(score)}</td>}
      </tr>
      <tr id={details} hidden={!open}>
        <td colSpan={scored ? 4 : 3} className="bg-page px-4 py-2 sm:pl-10">
          {open && <RowFields row={row} onImage={onImage} />}
        </td>
      </tr>
    </tbody>
  );
}
