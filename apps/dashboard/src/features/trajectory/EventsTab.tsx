import type { JobEvent } from '@pentimento/contracts';
import type { JobEvents } from '../../api/queries.ts';
import { Nothing } from '../../ui/Notice.tsx';
import { eventSentence } from './eventSentence.ts';

/** Every event of the job, newest first. */
export function EventsTab({ events }: { events: JobEvents }) {
  if (events.length === 0) return <Nothing>No event has arrived yet.</Nothing>;
  return (
    <ol className="text-xs" reversed data-testid="events">
      {events.toReversed().map((event) => (
        <Row key={event.seq} event={event} />
      ))}
    </ol>
  );
}

function Row({ event }: { event: JobEvent }) {
  return (
    <li className="border-b px-3 py-1 [contain-intrinsic-size:auto_42px] [content-visibility:auto]">
      <span className="flex gap-3 font-mono text-muted">
        <span className="tabular w-8 text-right">{event.seq}</span>
        <time dateTime={event.at} title={event.at}>
          {event.at.slice(11, 23)}
        </time>
        <span>{event.type}</span>
      </span>
      <span className="block pl-11">{eventSentence(event)}</span>
    </li>
  );
}
