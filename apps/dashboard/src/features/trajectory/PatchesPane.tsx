'use client';

import type { Box, Candidate, Job } from '@pentimento/contracts';
import clsx from 'clsx';
import { blobUrl } from '../../api/client.ts';
import { cividisColor } from '../../ui/cividis.ts';
import { formatChange, formatScore } from '../../ui/format.ts';
import { cropAround, sameBox, type ScoredRegion, type StepRegions } from './model.ts';

interface Props {
  job: Job;
  candidate: Candidate;
  regions: StepRegions;
  selected: ScoredRegion | null;
  onSelect: (region: ScoredRegion) => void;
  /** The region under the pointer or the focus; null when it leaves. */
  onPoint: (region: ScoredRegion | null) => void;
}

export function PatchesPane({ job, candidate, regions, selected, onSelect, onPoint }: Props) {
  const rendered = candidate.render?.status === 'ok';
  const list = (title: string, hint: string, items: readonly ScoredRegion[]) =>
    items.length > 0 && (
      <section className="flex flex-col border-b last:border-b-0" aria-label={title}>
        <h3 className="px-3 pt-3 font-semibold">{title}</h3>
        <p className="px-3 pb-1 text-xs text-muted">{hint}</p>
        <ol>
          {items.map((region, index) => (
            <li key={`${region.box.x},${region.box.y},${region.box.width},${region.box.height}`}>
              <Patch
                job={job}
                candidate={candidate}
                region={region}
                rank={index + 1}
                selected={selected !== null && sameBox(selected.box, region.box)}
                onSelect={() => onSelect(region)}
                onPoint={(pointed) => onPoint(pointed ? region : null)}
              />
            </li>
          ))}
        </ol>
      </section>
    );
  return (
    <div data-testid="patches">
      {list('Worst regions', rendered ? 'Of this render; target first.' : 'Of this iteration.', regions.worst)}
      {list('Asked to fix', 'What the prompt named, before and after.', regions.asked)}
      {list('Made worse', 'Regions outside of those patches.', regions.regressed)}
      {regions.worst.length + regions.asked.length + regions.regressed.length === 0 && (
        <p className="p-3 text-muted">Nothing rendered here, so there is no region to rank.</p>
      )}
    </div>
  );
}

function Patch({
  job,
  candidate,
  region,
  rank,
  selected,
  onSelect,
  onPoint,
}: Pick<Props, 'job' | 'candidate'> & {
  region: ScoredRegion;
  rank: number;
  selected: boolean;
  onSelect: () => void;
  onPoint: (pointed: boolean) => void;
}) {
  const { box, score, before, lostShare } = region;
  const { render } = candidate;
  const crop = cropAround(box, job.target);
  return (
    <button
      type="button"
      onClick={onSelect}
      onPointerEnter={() => onPoint(true)}
      onPointerLeave={() => onPoint(false)}
      onFocus={() => onPoint(true)}
      onBlur={() => onPoint(false)}
      aria-pressed={selected}
      className={clsx(
        'block w-full border-l-2 px-3 py-2 text-left outline-offset-[-2px] hover:bg-hover',
        selected ? 'border-accent' : 'border-transparent',
      )}
    >
      <span className="sr-only">
        Region {rank}, score {formatScore(score)}, at {box.x}, {box.y}, {box.width} by {box.height} pixels. Zoom there
      </span>
      <span aria-hidden className="tabular flex items-center gap-2">
        <span className="w-3 text-muted">{rank}</span>
        <span className="relative h-2 flex-1 overflow-hidden rounded-sm bg-surround">
          <span
            className="absolute inset-y-0 left-0"
            style={{ width: `${score * 100}%`, background: cividisColor(score) }}
          />
        </span>
        <span>{formatScore(score)}</span>
        {before !== null && <span className="w-14 text-right text-muted">{formatChange(score - before)}</span>}
      </span>
      <span aria-hidden className="tabular mt-0.5 flex justify-between pl-5 text-xs text-muted">
        <span>
          {box.x}, {box.y} · {box.width} × {box.height}
        </span>
        {lostShare !== null && <span>{Math.round(lostShare * 100)} % of the loss</span>}
      </span>
      <span className={clsx('mt-1.5 flex gap-px pl-5', isWide(crop) ? 'flex-col' : 'flex-row')}>
        <Crop image={job.target.image} size={job.target} crop={crop} box={box} />
        {render?.status === 'ok' && <Crop image={render.image} size={job.target} crop={crop} box={box} />}
      </span>
    </button>
  );
}

const wideFrom = 1.6;
const wideHeight = 64;
const squareHeight = 104;
const tallHeight = 160;

/** Wide crops are stacked, the others are next to each other. */
function isWide(box: Box): boolean {
  return box.width / box.height > wideFrom;
}

function heightOf(crop: Box): number {
  if (isWide(crop)) return wideHeight;
  return crop.width / crop.height < 1 / wideFrom ? tallHeight : squareHeight;
}

/** A part of an image that is stretched to the target's size, as the reward sees it, with the region outlined in it. */
function Crop({ image, size, crop, box }: { image: string; size: Job['target']; crop: Box; box: Box }) {
  const height = heightOf(crop);
  return (
    <span
      className="flex min-w-0 flex-1 items-center justify-center overflow-hidden bg-surround"
      style={{ height, flexBasis: isWide(crop) ? height : 0 }}
    >
      <span
        className="relative block overflow-hidden"
        style={{
          aspectRatio: `${crop.width} / ${crop.height}`,
          width: `min(100%, ${(height * crop.width) / crop.height}px)`,
        }}
      >
        <img
          src={blobUrl(image)}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute max-w-none"
          style={{
            ...within(crop, { x: 0, y: 0, width: size.width, height: size.height }),
            imageRendering: crop.height * 2 <= height ? 'pixelated' : undefined,
          }}
        />
        {!sameBox(crop, box) && <span className="region absolute" style={within(crop, box)} />}
      </span>
    </span>
  );
}

/** The position of a box in a crop, for CSS. */
function within(crop: Box, box: Box) {
  return {
    left: `${((box.x - crop.x) / crop.width) * 100}%`,
    top: `${((box.y - crop.y) / crop.height) * 100}%`,
    width: `${(box.width / crop.width) * 100}%`,
    height: `${(box.height / crop.height) * 100}%`,
  };
}
