'use client';

import { useQuery } from '@tanstack/react-query';
import { isFinal, type Box, type Iteration, type Job } from '@pentimento/contracts';
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { candidatesQuery, iterationsQuery, jobQuery } from '../../api/queries.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { Announcer } from '../../ui/Announcer.tsx';
import { copyText } from '../../ui/CopyButton.tsx';
import { formatScore } from '../../ui/format.ts';
import { Failure } from '../../ui/Notice.tsx';
import { Shell } from '../../shell/Shell.tsx';
import { Splitter, useSplit } from '../../ui/Splitter.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import { CompareViewer, type ViewerHandle } from '../compare/CompareViewer.tsx';
import type { Viewport } from '../compare/viewport.ts';
import { JudgmentBar } from '../judgments/JudgmentBar.tsx';
import { useJudgments } from '../judgments/useJudgments.ts';
import { steeredRegions } from '../steering/model.ts';
import { useSteering } from '../steering/useSteering.ts';
import { DetailPane } from './DetailPane.tsx';
import { JobResult } from './JobResult.tsx';
import { Filmstrip } from './Filmstrip.tsx';
import { JobBar } from './JobBar.tsx';
import { pendingOf } from './live.ts';
import { announcement } from './partial.ts';
import {
  secondaryTerm,
  cropAround,
  nextFailure,
  regionsOf,
  selectedStep,
  stepsOf,
  type ScoredRegion,
} from './model.ts';
import { PatchesPane } from './PatchesPane.tsx';
import { imageOf, rivals, sideOptions } from './images.ts';
import { useEvents, type Connection } from './useEvents.ts';
import { useView } from './useView.ts';
import { usePartialReplies } from './usePartialReplies.ts';
import { shownTab, writeView } from './view.ts';

export function TrajectoryPage({ id }: { id: string }) {
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  const { events, connection } = useEvents(id);
  if (error && !job) {
    return (
      <Shell page="lost">
        <Failure title="The job could not be loaded" error={error} retry={() => void refetch()} />
      </Shell>
    );
  }
  if (!job) return <Loading />;
  return <Trajectory job={job} events={events} connection={connection} />;
}

/** The page's boxes in their final place while the data loads. */
function Loading() {
  return (
    <Shell page="trajectory" fill bar={<div className="h-4 w-64 rounded bg-hover" />}>
      <p role="status" className="sr-only">
        Loading the job
      </p>
      <div className="min-h-[50dvh] flex-1 bg-surround" />
      <div className="h-32 border-t" />
    </Shell>
  );
}

const noIterations: Iteration[] = [];

function Trajectory({
  job,
  events,
  connection,
}: {
  job: Job;
  events: ReturnType<typeof useEvents>['events'];
  connection: Connection;
}) {
  const [view, change] = useView(job.id);
  const { data: iterations = noIterations } = useQuery(iterationsQuery(job.id));
  const pending = pendingOf(events);
  const several = pending.some(({ candidates }) => candidates.length > 1);
  const { data: candidates = [] } = useQuery({ ...candidatesQuery(job.id), enabled: several });
  const judgments = useJudgments(job.id);
  const steering = useSteering(job.id);
  const [marked, setMarked] = useState<Box | null>(null);
  const [marks, setMarks] = useState(false);
  const live = !isFinal(job.status);
  const [openedLive] = useState(live);
  const viewer = useRef<ViewerHandle>(null);
  const [region, setRegion] = useState<ScoredRegion | null>(null);
  const [pointed, setPointed] = useState<ScoredRegion | null>(null);
  const wide = useMedia('(min-width: 1280px)');
  const [detailWidth, setDetailWidth] = useSplit('detail', 416);
  const [patchesWidth, setPatchesWidth] = useSplit('patches', 264);

  const steps = stepsOf(iterations, secondaryTerm(job.policy));
  const tab = shownTab(view.tab, { isLive: live, isEmpty: steps.length === 0 });
  const step = selectedStep(steps, view.iteration, job, openedLive);
  const all = useMemo(() => iterations.flatMap((iteration) => iteration.candidates), [iterations]);
  const candidate = step && (step.iteration.candidates[view.candidate ?? -1] ?? step.candidate);
  const regions = candidate && regionsOf(iterations, candidate);
  const best = job.best?.iteration ?? null;
  const newest = steps.at(-1)?.index ?? null;

  const select = (index: number | null) => {
    const follows = index === null || (live && index === newest);
    change({ iteration: follows ? null : index, candidate: null });
    setRegion(null);
    setPointed(null);
  };
  const move = (by: 1 | -1) => {
    const at = steps.findIndex((other) => other === step);
    const to = steps[at + by];
    if (to) select(to.index);
  };
  const lookAt = (wanted: ScoredRegion) => {
    setRegion(wanted);
    viewer.current?.zoomTo(cropAround(wanted.box, job.target));
  };
  const moveWorst = (by: 1 | -1) => {
    const worst = regions?.worst ?? [];
    if (worst.length === 0) return;
    const at = worst.findIndex((other) => other === region);
    lookAt(worst[at < 0 ? 0 : (at + by + worst.length) % worst.length]!);
  };
  const [playing, setPlaying] = useState(false);
  const link = () => `${location.origin}/job?${writeView(job.id, { ...view, iteration: step?.index ?? null })}`;
  useKeys('trajectory', {
    next: () => move(1),
    previous: () => move(-1),
    right: () => move(1),
    left: () => move(-1),
    first: () => steps[0] && select(steps[0].index),
    last: () => newest !== null && select(newest),
    best: () => best !== null && select(best),
    follow: () => live && select(null),
    failure: () => {
      const failure = nextFailure(steps, step?.index ?? -1);
      if (failure !== null) select(failure);
    },
    play: () => setPlaying((on) => !on),
    'next-worst': () => moveWorst(1),
    'previous-worst': () => moveWorst(-1),
    code: () => change({ tab: 'code' }),
    'copy-link': () => void copyText(link()),
    mark: () => {
      if (job.kind !== 'refinement') return;
      change({ tab: 'steer' });
      setMarks(true);
    },
    close: () => {
      setRegion(null);
      setMarked(null);
      setMarks(false);
    },
  });
  useEffect(() => {
    document.title = `${job.name} · Pentimento`;
  }, [job.name]);

  const context = { job, steps, selected: candidate };
  const [left, right] = [imageOf(view.left, context), imageOf(view.right, context)];
  const showView = useCallback((next: Viewport | null) => change({ view: next }), [change]);
  const patches = regions && candidate && (
    <PatchesPane
      job={job}
      candidate={candidate}
      regions={regions}
      selected={region}
      onSelect={lookAt}
      onPoint={setPointed}
    />
  );
  return (
    <Shell page="trajectory" fill bar={<JobBar job={job} connection={connection} done={steps.length} link={link} />}>
      <JobAnnouncer
        jobId={job.id}
        done={
          step && live
            ? `Iteration ${newest} is done. Best score ${job.best ? formatScore(job.best.overall, job.policy.threshold) : 'none'}.`
            : ''
        }
        isWatching={tab === 'live'}
      />
      <JobResult job={job} steps={steps} />
      <div
        className="flex min-h-0 flex-1 flex-col md:grid md:grid-cols-[minmax(0,1fr)_auto_auto_auto_auto] md:grid-rows-[minmax(0,1fr)_auto]"
        style={{ '--detail': `${detailWidth}px`, '--patches': `${patchesWidth}px` } as CSSProperties}
      >
        <div className="flex min-h-0 min-w-0 flex-col max-md:shrink-0">
          <div className="flex min-h-0 flex-1 flex-col max-md:h-[min(75dvh,600px)] max-md:flex-none">
            <CompareViewer
              ref={viewer}
              left={left}
              right={right}
              target={job.target}
              sides={sideOptions(context)}
              state={view}
              onChange={change}
              view={view.view}
              onView={showView}
              selected={(pointed ?? region)?.box ?? null}
              worst={regions?.worst.map((worst) => worst.box) ?? []}
              named={tab === 'steer' ? steeredRegions(steering.interventions) : []}
              marked={marked}
              onMark={marks ? setMarked : null}
            />
          </div>
          {candidate && (
            <JudgmentBar
              candidate={candidate}
              all={all}
              likely={rivals(candidate, [left, right], job)}
              judgments={judgments}
            />
          )}
        </div>
        <div className="min-w-0 md:col-span-full md:row-start-2">
          <Filmstrip
            job={job}
            steps={steps}
            selected={step}
            pending={pending}
            candidates={candidates}
            judgments={judgments.current}
            following={view.iteration === null}
            live={live}
            playing={playing}
            onPlaying={setPlaying}
            onSelect={select}
            onLive={() => change({ tab: 'live' })}
          />
        </div>
        <div className="flex max-md:hidden">
          <Splitter name="Width of the details" width={detailWidth} min={320} max={720} onWidth={setDetailWidth} />
        </div>
        <div className="flex min-h-0 min-w-0 flex-col md:w-[min(var(--detail),44vw)]">
          <DetailPane
            job={job}
            steps={steps}
            step={step}
            candidate={candidate}
            events={events}
            tab={tab}
            onTab={(next) => change({ tab: next })}
            onSelect={select}
            onCandidate={(index) => step && change({ iteration: step.index, candidate: index })}
            patches={wide ? null : patches}
            steering={steering}
            marking={{ box: marked, active: marks, onBox: setMarked, onActive: setMarks }}
          />
        </div>
        {wide && (
          <>
            <div className="flex">
              <Splitter
                name="Width of the patches"
                width={patchesWidth}
                min={200}
                max={480}
                onWidth={setPatchesWidth}
              />
            </div>
            <div className="min-h-0 w-(--patches) overflow-auto" tabIndex={0} role="region" aria-label="Patches">
              {patches}
            </div>
          </>
        )}
      </div>
    </Shell>
  );
}

/** Says what is done, and to whom watches it also how far the replies have come. The replies themselves are never read out. */
function JobAnnouncer({ jobId, done, isWatching }: { jobId: string; done: string; isWatching: boolean }) {
  const writing = announcement(usePartialReplies(jobId));
  return <Announcer message={[done, isWatching ? writing : ''].filter(Boolean).join(' ')} />;
}
